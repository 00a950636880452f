using System.Diagnostics.Tracing;
using System.Globalization;

namespace Psyne.Flow.Tests.Diagnostics;

/// <summary>The texts of one kind of event of "Psyne.Flow", of all tests that run meanwhile.</summary>
internal sealed class FlowEvents(string kind) : EventListener
{
    private readonly List<string> _texts = [];

    internal IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts)
                return [.. _texts];
        }
    }

    /// <summary>Those with a word in them.</summary>
    internal IReadOnlyList<string> With(string word) => [.. Texts.Where(text => text.Contains(word, StringComparison.Ordinal))];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Psyne.Flow")
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != kind)
            return;
        lock (_texts)
            _texts.Add(string.Format(CultureInfo.InvariantCulture, eventData.Message!, [.. eventData.Payload!]));
    }
}
