using System.Collections.Concurrent;
using System.Diagnostics;

namespace Psyne.Flow.Tests.Diagnostics;

public sealed class ActivityTests
{
    /// <summary>The activities of one channel that have stopped.</summary>
    private static ActivityListener Listen(string channel, ConcurrentQueue<Activity> stopped, Action<Activity>? started = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Psyne.Flow",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (Equals(activity.GetTagItem("psyne.channel"), channel))
                    started?.Invoke(activity);
            },
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("psyne.channel"), channel))
                    stopped.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static SlabChannel<long> Open(ChannelMode mode, string name, int oneIn) =>
        SlabChannel.Create<long>(mode, new SlabChannelOptions { Name = name, LatencySampling = oneIn });

    [Theory]
    [InlineData(ChannelMode.Spsc)]
    [InlineData(ChannelMode.Mpsc)]
    [InlineData(ChannelMode.Spmc)]
    [InlineData(ChannelMode.Mpmc)]
    [InlineData(ChannelMode.Broadcast)]
    public void Transit_OfEachSampledMessage_LastsFromPublishToTake(ChannelMode mode)
    {
        var name = $"traced-{mode}";
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = Listen(name, stopped);
        using var channel = Open(mode, name, oneIn: 2);
        var reader = channel.Reader; // of a broadcast: opened before anything is published
        for (var i = 0; i < 4; i++)
            channel.Writer.Publish(i);
        var published = Stopwatch.GetTimestamp();
        while (published == Stopwatch.GetTimestamp()) { }
        var waited = Stopwatch.GetElapsedTime(published);
        for (var i = 0; i < 4; i++)
            reader.Take().Dispose();

        Assert.Equal([0L, 2L], stopped.Select(activity => (long)activity.GetTagItem("psyne.position")!));
        foreach (var activity in stopped)
        {
            Assert.Equal("psyne.channel.transit", activity.OperationName);
            Assert.Equal(ActivityKind.Consumer, activity.Kind);
            Assert.Equal(mode.ToString(), activity.GetTagItem("psyne.mode"));
            Assert.True(activity.Duration + TimeSpan.FromTicks(1) >= waited, $"{activity.Duration} of at least {waited}");
        }
    }

    [Fact]
    public void Transit_TakenInsideAnActivity_IsItsChildAndLeavesItCurrent()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = Listen("traced-inside", stopped);
        using var channel = Open(ChannelMode.Spsc, "traced-inside", oneIn: 1);
        using var work = new Activity("work").Start();
        channel.Writer.Publish(1);
        channel.Reader.Take().Dispose();

        Assert.Equal(work.SpanId, Assert.Single(stopped).ParentSpanId);
        Assert.Same(work, Activity.Current);
    }

    [Fact]
    public void Transit_ListenerThrows_MessageIsTakenAllTheSame()
    {
        using var listener = Listen("traced-badly", [], static _ => throw new InvalidOperationException("listener"));
        using var channel = Open(ChannelMode.Spsc, "traced-badly", oneIn: 1);
        channel.Writer.Publish(7);
        using (var lease = channel.Reader.Take())
            Assert.Equal(7, lease.Value);

        Assert.Null(Activity.Current);
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public void Transit_ChannelWithoutSampling_IsNotTold()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = Listen("untraced", stopped);
        using var channel = Open(ChannelMode.Spsc, "untraced", oneIn: 0);
        channel.Writer.Publish(1);
        channel.Reader.Take().Dispose();

        Assert.Empty(stopped);
    }
}
