using Psyne.Flow.Channels;

namespace Psyne.Flow.Uris;

/// <summary>A URI, and the messages that whoever opens it expects.</summary>
/// <param name="Uri">The address and its options.</param>
/// <param name="Message">What the messages are, for people; two channels whose messages differ have different texts here or types below.</param>
/// <param name="Element">The message's or element's type.</param>
/// <param name="Create">Makes the channel.</param>
internal sealed record ChannelRequest(ChannelUri Uri, string Message, Type Element, Func<ChannelMode, SlabChannelOptions, ChannelCore> Create);
