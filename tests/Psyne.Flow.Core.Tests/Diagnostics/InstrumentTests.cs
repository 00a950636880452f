using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Tests.Diagnostics;

public sealed class InstrumentTests
{
    [Fact]
    public void Meter_ALiveChannel_ReportsItsFigures()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 8, Name = "metered" });
        channel.Writer.Publish(1);
        channel.Writer.Publish(2);
        using var lease = channel.Reader.Take();

        var figures = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Psyne.Flow")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var (key, name) in tags)
                if (key == "channel" && Equals(name, "metered"))
                    figures[instrument.Name] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(1, figures["psyne.flow.channel.count"]);
        Assert.Equal(8, figures["psyne.flow.channel.capacity"]);
        Assert.Equal(2, figures["psyne.flow.channel.published"]);
        Assert.Equal(1, figures["psyne.flow.channel.leases"]);
        Assert.Equal(0, figures["psyne.flow.channel.drops"]);
        Assert.Equal(channel.Slab.Length, figures["psyne.flow.slab.bytes"]);
    }

    [Fact]
    public void Events_WhileSomebodyListens_TellOfMakingDroppingMisusingAndCompleting()
    {
        using var events = new Recorder();
        using (var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 1, FullMode = FullMode.DropNewest, Name = "eventful" }))
        {
            channel.Writer.Publish(1);
            channel.Writer.Publish(2);
            var lease = channel.Reader.Take();
            lease.Dispose();
            Assert.Throws<LeaseException>(() => lease.Dispose());
            channel.Complete();
        }

        var names = events.Of("eventful");
        Assert.Contains("ChannelCreated", names);
        Assert.Contains("MessageDropped", names);
        Assert.Contains("Misuse", names);
        Assert.Contains("ChannelCompleted", names);
    }

    [Fact]
    public void Events_OfSheddingLeaksAndListeners_AreTold()
    {
        using var events = new Recorder();
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions
        {
            Capacity = 1, FullMode = FullMode.Adaptive, Adaptive = new AdaptivePolicy { Patience = TimeSpan.Zero }, Name = "shedding",
        });
        channel.Writer.Publish(1);
        channel.Writer.Publish(2);
        FlowEventSource.Log.Leaked("shedding", 1, 0);
        FlowEventSource.Log.ListenerFailed("shedding", "why");

        var names = events.Of("shedding");
        Assert.Contains("SheddingChanged", names);
        Assert.Contains("Leaked", names);
        Assert.Contains("ListenerFailed", names);
    }

    [Fact]
    public void Sampling_MoreWaitThanAreNoted_CountsThoseThatAre()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 128, LatencySampling = 1 });
        for (var i = 0; i < 100; i++)
            channel.Writer.Publish(i);
        for (var i = 0; i < 100; i++)
            channel.Reader.Take().Dispose();
        Assert.Equal(64, channel.Statistics.Latency!.Count);
    }

    [Fact]
    public void Registry_ListsLiveChannels_AndNoDisposedOnes()
    {
        var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Name = "listed" });
        Assert.Contains(ChannelRegistry.List(), statistics => statistics.Name == "listed");
        channel.Dispose();
        Assert.DoesNotContain(ChannelRegistry.List(), statistics => statistics.Name == "listed");
    }

    private sealed class Recorder : EventListener
    {
        private readonly ConcurrentQueue<(string Name, string Channel)> _events = new();

        internal List<string> Of(string channel) => [.. _events.Where(recorded => recorded.Channel == channel).Select(recorded => recorded.Name)];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Psyne.Flow")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource.Name == "Psyne.Flow")
                _events?.Enqueue((eventData.EventName!, eventData.Payload![0]!.ToString()!));
        }
    }
}
