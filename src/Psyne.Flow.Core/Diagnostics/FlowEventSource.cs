using System.Diagnostics.Tracing;

namespace Psyne.Flow.Diagnostics;

/// <summary>The events of "Psyne.Flow": what is rare enough to be told one by one. They cost a look at a flag while nobody listens.</summary>
[EventSource(Name = "Psyne.Flow")]
internal sealed class FlowEventSource : EventSource
{
    internal static readonly FlowEventSource Log = new();

    [Event(1, Level = EventLevel.Verbose, Message = "{0} dropped a message: {1}")]
    public void MessageDropped(string channel, DropReason reason)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.None))
            WriteEvent(1, channel, (int)reason);
    }

    [Event(2, Level = EventLevel.Informational, Message = "{0} was made: {1}, {2} messages of {3}")]
    public void ChannelCreated(string channel, string mode, int capacity, string message)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.None))
            WriteEvent(2, channel, mode, capacity, message);
    }

    [Event(3, Level = EventLevel.Informational, Message = "{0} was completed; fault: {1}")]
    public void ChannelCompleted(string channel, string fault)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.None))
            WriteEvent(3, channel, fault);
    }

    [Event(4, Level = EventLevel.Warning, Message = "{0}: {1}")]
    public void Misuse(string channel, string error)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(4, channel, error);
    }

    [Event(5, Level = EventLevel.Warning, Message = "{0} leaked {1} leases and {2} claims")]
    public void Leaked(string channel, long leases, int claims)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(5, channel, leases, claims);
    }

    [Event(6, Level = EventLevel.Informational, Message = "{0} sheds load: {1}")]
    public void SheddingChanged(string channel, bool sheds)
    {
        if (IsEnabled(EventLevel.Informational, EventKeywords.None))
            WriteEvent(6, channel, sheds);
    }

    [Event(7, Level = EventLevel.Warning, Message = "{0}: a listener to its activities failed: {1}")]
    public void ListenerFailed(string channel, string error)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(7, channel, error);
    }

    [Event(8, Level = EventLevel.Warning, Message = "{0}: the stream that wrote to it failed after the channel had ended: {1}")]
    public void StreamFailed(string channel, string error)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(8, channel, error);
    }

    [Event(9, Level = EventLevel.Warning, Message = "{0} is linked to a BroadcastBlock<{1}> of TPL's, which gives all its targets one lease and drops those it overwrites undisposed: use SlabBroadcastBlock")]
    public void StockBroadcastLinked(string source, string message)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.None))
            WriteEvent(9, source, message);
    }
}
