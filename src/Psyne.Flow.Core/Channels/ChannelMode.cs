namespace Psyne.Flow;

/// <summary>How many producers and consumers a channel has, and whether its consumers share the messages.</summary>
public enum ChannelMode
{
    /// <summary>One producer, one consumer. The fastest.</summary>
    Spsc,

    /// <summary>Many producers, one consumer.</summary>
    Mpsc,

    /// <summary>One producer, many consumers; each message goes to one of them.</summary>
    Spmc,

    /// <summary>Many producers, many consumers; each message goes to one of them.</summary>
    Mpmc,

    /// <summary>Many producers, many consumers; every consumer sees every message published after it joined.</summary>
    Broadcast,
}

internal static class ChannelModes
{
    internal static bool HasOneProducer(this ChannelMode mode) => mode is ChannelMode.Spsc or ChannelMode.Spmc;

    internal static bool HasOneConsumer(this ChannelMode mode) => mode is ChannelMode.Spsc or ChannelMode.Mpsc;

    internal static bool Competes(this ChannelMode mode) => mode is ChannelMode.Spmc or ChannelMode.Mpmc;
}
