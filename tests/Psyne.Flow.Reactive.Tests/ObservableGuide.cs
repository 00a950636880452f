using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Psyne.Flow.Reactive.Tests;

/// <summary>The examples of docs/guide-observables.md, word for word: what is between "// doc: name" and "// end".</summary>
public sealed class ObservableGuide
{
    public struct Reading
    {
        public int Sensor;
        public float Celsius;
    }

    private readonly ConcurrentQueue<float> _shown = new();

    private void Show(float celsius) => _shown.Enqueue(celsius);

    private void Train(LeaseBuffer<Reading> batch) => _shown.Enqueue(batch.Sum(static lease => lease.Value.Celsius));

    private static void Send(SlabChannel<Reading> channel, params ReadOnlySpan<float> degrees)
    {
        foreach (var celsius in degrees)
            channel.Writer.Publish(new Reading { Celsius = celsius });
    }

    private static void NothingHeld(SlabChannel channel) => Wait.Until(() => channel.Statistics.HeldLeases == 0);

    [Fact]
    public void Values_AsInTheGuide_Work()
    {
        // doc: values
        using var channel = SlabChannel.CreateSpsc<Reading>();

        using var means = channel.Reader.AsObservable()         // IObservable<Reading>
            .Window(3)
            .SelectMany(window => window.Average(reading => reading.Celsius))
            .Subscribe(Show);
        // end
        Send(channel, 1, 2, 3, 4);
        channel.Complete();
        Wait.Until(() => _shown.Count == 2);
        Assert.Equal([2, 4], _shown);
    }

    [Fact]
    public void Loans_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        var kept = new ConcurrentQueue<Lease<Reading>>();
        // doc: loans
        using var hot = channel.Reader.AsLeaseObservable().Subscribe(lease =>
        {
            Show(lease.Value.Celsius);                          // read on the slab, nothing copied
            if (lease.Value.Celsius > 30)
                kept.Enqueue(lease.Retain());                   // a lease that lasts, to be disposed
        });
        // end
        Send(channel, 20, 40);
        Wait.Until(() => kept.Count == 1);
        foreach (var lease in kept)
            using (lease)
                Assert.Equal(40, lease.Value.Celsius);
        NothingHeld(channel);
    }

    [Fact]
    public void Retained_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        using var thread = new EventLoopScheduler();
        // doc: retained
        var leases = channel.Reader.AsRetainedObservable(new RetainedOptions
        {
            ByteBudget = 16 << 20,                              // what a subscription may hold; then the source waits
            ReturnTimeout = TimeSpan.FromSeconds(10),           // ... so long, and then OnError(LeaseBudgetException)
        });

        using var training = leases
            .BufferRetained(32)
            .ObserveOn(thread)                                  // leases may change threads
            .Subscribe(batch =>
            {
                using (batch)                                   // all 32
                    Train(batch);
            });
        // end
        for (var i = 0; i < 64; i++)
            Send(channel, 1);
        Wait.Until(() => _shown.Count == 2);
        Assert.Equal([32, 32], _shown);
        NothingHeld(channel);
    }

    [Fact]
    public void Operators_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        var clock = new HistoricalScheduler();
        // doc: operators
        using var newest = channel.Reader.AsRetainedObservable()
            .WhereLease((ref readonly Reading reading) => reading.Sensor == 0)      // the others are given back
            .SampleRetained(TimeSpan.FromSeconds(1), clock)                         // as are those that are overtaken
            .SelectCopy((ref readonly Reading reading) => reading.Celsius)          // and the one that was read
            .Subscribe(Show);
        // end
        using var counted = channel.Reader.AsObservable().Subscribe(reading => Show(-reading.Celsius));
        Send(channel, 1, 2);
        Wait.Until(() => _shown.Count == 2);
        clock.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal([-1, -2, 2], _shown);
        NothingHeld(channel);
    }

    [Fact]
    public void Observers_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        // doc: observers
        using var averages = SlabChannel.CreateSpsc<float>();

        using var written = channel.Reader.AsObservable()
            .Buffer(2)
            .Select(pair => pair.Average(reading => reading.Celsius))
            .Subscribe(averages.Writer.AsObserver());           // waits while the channel is full; ends it at the end
        // end
        Send(channel, 1, 3, 5, 7);
        channel.Complete();
        Assert.Equal(2, averages.Reader.Take().Value);
        Assert.Equal(6, averages.Reader.Take().Value);
    }

    [Fact]
    public async Task Blocks_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        Send(channel, 3, 7, 5);
        channel.Complete();
        // doc: blocks
        var celsius = new SlabTransformBlock<Reading, float>((in Reading reading, ref float output) => output = reading.Celsius);
        channel.Reader.AsSourceBlock().LinkTo(celsius, new() { PropagateCompletion = true });

        var largest = await celsius.AsObservable().Max();
        // end
        Assert.Equal(7, largest);
    }
}
