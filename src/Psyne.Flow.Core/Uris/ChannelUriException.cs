namespace Psyne.Flow;

/// <summary>A channel URI that cannot be read, or an option in it whose value does not do. The text names the part,
/// what stands there and what is allowed.</summary>
public sealed class ChannelUriException : FormatException
{
    /// <summary>Creates an exception with a general text.</summary>
    public ChannelUriException()
        : this("The channel URI cannot be read.")
    {
    }

    /// <summary>Creates an exception with a text.</summary>
    /// <param name="message">The part, what stands there and what is allowed.</param>
    public ChannelUriException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a text and its cause.</summary>
    /// <param name="message">The part, what stands there and what is allowed.</param>
    /// <param name="innerException">The cause.</param>
    public ChannelUriException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
