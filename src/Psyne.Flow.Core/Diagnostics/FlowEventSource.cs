using System.Diagnostics.Tracing;

namespace Psyne.Flow.Diagnostics;

/// <summary>The events of "Psyne.Flow". They cost a look at a flag while nobody listens.</summary>
[EventSource(Name = "Psyne.Flow")]
internal sealed class FlowEventSource : EventSource
{
    internal static readonly FlowEventSource Log = new();

    [Event(1, Level = EventLevel.Verbose)]
    public void MessageDropped(string channel, DropReason reason)
    {
        if (IsEnabled())
            WriteEvent(1, channel, (int)reason);
    }
}
