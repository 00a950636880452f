using Psyne.Flow.Channels;

namespace Psyne.Flow.Uris;

/// <summary>What opens the channels of a scheme. One instance serves the process; thread-safe.</summary>
internal abstract class ChannelTransport
{
    /// <summary>The scheme, in lower case.</summary>
    internal abstract string Scheme { get; }

    /// <summary>Joins the channel of that name, or makes it.</summary>
    /// <param name="request">What is to be opened.</param>
    /// <exception cref="ChannelUriException">An option is unknown or wrong, or differs from the channel that is there.</exception>
    internal abstract ChannelCore Open(ChannelRequest request);
}
