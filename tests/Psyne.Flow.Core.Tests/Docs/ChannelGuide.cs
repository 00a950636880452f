using System.Numerics.Tensors;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Tests.Docs;

// doc: message
/// <summary>A message is a struct without references; it is stored as it lies in memory.</summary>
public struct Reading
{
    public int Sensor;
    public float Celsius;
}
// end

/// <summary>
/// The examples of docs/guide-channels.md, which stand there word for word: what is between "// doc: name" and "// end".
/// <see cref="DocumentationTests"/> holds the two together.
/// </summary>
public sealed class ChannelGuide
{
    [Fact]
    public void Claims_AsInTheGuide_Work()
    {
        int count = 0;
        // doc: claims
        using var channel = SlabChannel.CreateSpsc<Reading>();

        using (var claim = channel.Writer.Claim())      // waits while the channel is full
        {
            claim.Value.Sensor = 3;                     // built in place, on the slab
            claim.Value.Celsius = 21.5f;
            claim.Publish();                            // visible to the consumer from here on
        }

        if (channel.Writer.TryClaim(out var tried))     // doesn't wait
        {
            using (tried)
            {
                tried.Value = new Reading { Sensor = 4, Celsius = 22 };
                tried.Publish();
            }
        }

        channel.Writer.Publish(new Reading { Sensor = 5, Celsius = 19 });                              // a copy
        channel.Writer.Publish(6, static (ref Reading slot, int sensor) => slot.Sensor = sensor);      // in place
        // end
        while (channel.Reader.TryTake(out var lease))
        {
            using (lease)
                Assert.Equal(3 + count++, lease.Value.Sensor);
        }
        Assert.Equal(4, count);
    }

    [Fact]
    public void BareClaims_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        // doc: bare-claims
        for (int i = 0; i < 1000; i++)
        {
            var claim = channel.Writer.Claim();     // no using: nothing up to Publish can throw
            claim.Value.Sensor = i;
            claim.Value.Celsius = 20;
            claim.Publish();
        }
        // end
        for (int i = 0; i < 1000; i++)
        {
            using var lease = channel.Reader.Take();
            Assert.Equal(i, lease.Value.Sensor);
        }
    }

    [Fact]
    public async Task OwnedClaims_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateMpsc<Reading>();
        // doc: owned-claims
        using (OwnedClaim<Reading> claim = channel.Writer.ClaimOwned())     // may live on the heap and cross an await
        {
            float celsius = await MeasureAsync();
            claim.Value.Celsius = celsius;
            claim.Publish();                                                // from whatever thread it is by now
        }
        // end
        using var lease = channel.Reader.Take();
        Assert.Equal(20, lease.Value.Celsius);
    }

    [Fact]
    public async Task Leases_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        for (int i = 0; i < 3; i++)
            channel.Writer.Publish(new Reading { Sensor = i, Celsius = 20 });
        channel.Complete();
        var reader = channel.Reader;
        float sum = 0;
        // doc: leases
        if (reader.TryTake(out var first))                  // doesn't wait
        {
            using (first)
                sum += first.Value.Celsius;                 // a reference into the slab; nothing is copied
        }

        using (var next = reader.Take())                    // waits; throws when the channel is closed and empty
            sum += next.Value.Celsius;

        await foreach (var lease in reader.ReadAllAsync())  // waits without holding a thread, until the channel ends
            using (lease)
                sum += lease.Value.Celsius;
        // end
        Assert.Equal(60, sum);
    }

    [Fact]
    public void Loop_AsInTheGuide_EndsWithTheChannel()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        channel.Writer.Publish(new Reading { Celsius = 20 });
        channel.Complete();
        var reader = channel.Reader;
        float sum = 0;
        // doc: loop
        foreach (var lease in reader.TakeAll())     // waits on this thread; ends when the channel is closed and empty
            using (lease)
                sum += lease.Value.Celsius;
        // end
        Assert.Equal(20, sum);
    }

    [Fact]
    public void Retain_AsInTheGuide_Outlives()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        channel.Writer.Publish(new Reading { Sensor = 7 });
        var reader = channel.Reader;
        // doc: retain
        Lease<Reading> kept;
        using (var lease = reader.Take())
            kept = lease.Retain();          // a lease of its own, for another thread, for as long as it likes

        Console.WriteLine(kept.Value.Sensor);
        kept.Dispose();
        // end
        Assert.False(kept.IsHeld);
    }

    [Fact]
    public void Batches_AsInTheGuide_Work()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        float sum = 0;
        // doc: batches
        using (var batch = channel.Writer.ClaimBatch(64))       // up to 64 slots, at least one
        {
            for (int i = 0; i < batch.Count; i++)
                batch[i].Celsius = 20 + i;
            batch.Publish();                                    // all of them, in order; Publish(n) the first n
        }

        using (var batch = channel.Reader.TakeBatch(64))        // up to 64 messages, waits for the first
            foreach (ref readonly var reading in batch)
                sum += reading.Celsius;
        // end
        Assert.Equal(64 * 20 + 63 * 32, sum);
    }

    [Fact]
    public async Task Lanes_AsInTheGuide_CarryAllOfEach()
    {
        float sum = 0;
        // doc: lanes
        using var channel = SlabChannel.CreateMpsc<Reading>(new SlabChannelOptions { Lanes = 4, Capacity = 1024 });

        var producers = Enumerable.Range(0, 4).Select(sensor => Task.Run(() =>
        {
            using var writer = channel.OpenWriter();        // a ring of its own; a fifth end would be refused
            for (int i = 0; i < 1000; i++)
                writer.Publish(new Reading { Sensor = sensor, Celsius = 20 });
        })).ToArray();
        var ending = Task.WhenAll(producers).ContinueWith(_ => channel.Complete());

        foreach (var lease in channel.Reader.TakeAll())     // each sensor's readings in order, the sensors' in any
            using (lease)
                sum += lease.Value.Celsius;
        // end
        await ending;
        Assert.Equal(4 * 1000 * 20, sum);
    }

    [Fact]
    public void Broadcast_AsInTheGuide_ShowsAllToAll()
    {
        // doc: broadcast
        using var prices = SlabChannel.CreateBroadcast<double>();
        using var chart = prices.OpenReader();      // sees what is published from now on
        using var alarm = prices.OpenReader();

        prices.Writer.Publish(101.25);

        using (var lease = chart.Take()) Console.WriteLine($"chart {lease.Value}");
        using (var lease = alarm.Take()) Console.WriteLine($"alarm {lease.Value}");
        // end
        Assert.Equal(0, prices.Count);
    }

    [Fact]
    public void Frames_AsInTheGuide_Work()
    {
        // doc: frames
        using var log = SlabChannel.CreateFrames(ChannelMode.Mpsc, maximumFrameBytes: 4096);

        log.Writer.Publish("one line");                         // UTF-8, encoded straight into the slot
        using (var claim = log.Writer.Claim(100))               // room for 100 bytes
        {
            int received = Receive(claim.Bytes);                // a Span<byte> on the slab
            claim.SetLength(received);
            claim.Publish();
        }

        using (var lease = log.Reader.Take()) Console.WriteLine(lease.GetText());
        using (var lease = log.Reader.Take()) Console.WriteLine(lease.Bytes.Length);
        // end
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public void Tensors_AsInTheGuide_Work()
    {
        float sum = 0;
        // doc: tensors
        using var gradients = SlabChannel.CreateMpsc<float>(shape: [256, 128]);     // no header: one shape for all

        using (var claim = gradients.Writer.Claim())
        {
            claim.Tensor.Fill(0.5f);                    // a TensorSpan<float> on the slab; claim.Span is the same, flat
            claim.Publish();
        }

        using (var lease = gradients.Reader.Take())
            sum = Tensor.Sum<float>(lease.Tensor);

        using var images = SlabChannel.CreateTensors<byte>(ChannelMode.Spsc, maximumElements: 640 * 480 * 3);
        using (var claim = images.Writer.Claim(shape: [480, 640, 3]))               // each with its own shape
            claim.Publish();
        images.Writer.Publish([255, 0, 0, 255], shape: [2, 2, 1]);                  // a copy of elements that lie elsewhere
        // end
        Assert.Equal(256 * 128 / 2, sum);
    }

    [Fact]
    public void FullModes_AsInTheGuide_Work()
    {
        // doc: full-modes
        using var newest = SlabChannel.CreateSpsc<Reading>(new SlabChannelOptions { Capacity = 2, FullMode = FullMode.DropOldest });
        newest.ItemDropped += static (ref readonly Reading item, DropReason reason) =>
            Console.WriteLine($"{reason} dropped: sensor {item.Sensor}");

        for (int i = 0; i < 3; i++)
            newest.Writer.Publish(new Reading { Sensor = i });      // the third makes room by dropping the first

        using var strict = SlabChannel.CreateSpsc<Reading>(new SlabChannelOptions { Capacity = 1, FullMode = FullMode.Fail });
        strict.Writer.Publish(new Reading());
        bool second = strict.Writer.TryPublish(new Reading());                  // false: full
        var status = strict.Writer.TryClaim(TimeSpan.Zero, out _);              // Full; Closed once it is completed
        // end
        Assert.Equal(1, newest.Statistics.Drops);
        Assert.False(second);
        Assert.Equal(ClaimStatus.Full, status);
    }

    [Fact]
    public void Completion_AsInTheGuide_Faults()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        channel.Writer.Publish(new Reading());
        // doc: completion
        channel.Complete(new InvalidDataException("sensor 3 is broken"));   // Complete() is a good end

        using (var last = channel.Reader.Take())                            // what was published is still there
            Console.WriteLine(last.Value.Sensor);

        try
        {
            channel.Reader.Take();
        }
        catch (InvalidDataException fault)                                  // then the fault; channel.Completion has it, too
        {
            Console.WriteLine(fault.Message);
        }
        // end
        Assert.True(channel.Completion.IsFaulted);
    }

    [Fact]
    public async Task Listeners_AsInTheGuide_Hear()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        using var other = SlabChannel.CreateSpsc<Reading>();
        var channels = new[] { other };
        float sum = 0;
        // doc: listeners
        using var listener = channel.Reader.Listen((ref readonly Reading reading) => sum += reading.Celsius);   // a thread of its own

        channel.Writer.Publish(new Reading { Celsius = 20 });
        channel.Complete();
        await listener.Completion;                          // ends with the channel; faults with what the handler throws

        await using var selector = new ChannelSelector();   // thousands of channels, one parked thread
        foreach (var each in channels)
            selector.Add(each.Reader, (ref readonly Reading reading) => Console.WriteLine(reading.Sensor));
        // end
        Assert.Equal(20, sum);
    }

    [Fact]
    public void Options_AsInTheGuide_Work()
    {
        // doc: options
        using var channel = SlabChannel.CreateMpmc<Reading>(new SlabChannelOptions
        {
            Capacity = 4096,                        // messages; rounded up to a power of two where they lie in the ring
            FullMode = FullMode.Adaptive,
            Idle = IdleStrategy.Spin,               // lowest latency, and a core for each waiting thread
            HugePages = true,                       // channel.Slab.Pages says what it got
            Name = "readings",
            LatencySampling = 1024,                 // one in 1024 messages is timed from publish to take
        });
        // end
        Assert.Equal(4096, channel.Capacity);
    }

    [Fact]
    public void Open_AsInTheGuide_Joins()
    {
        // doc: open
        using var features = SlabChannel.Open<Reading>("memory://features?mode=mpsc&capacity=4096&full=dropoldest");
        using var same = SlabChannel.Open<Reading>("memory://features");     // elsewhere in the process
        // end
        features.Writer.Publish(new Reading { Sensor = 1 });
        using var lease = same.Reader.Take();
        Assert.Equal(1, lease.Value.Sensor);
    }

    [Fact]
    public void Diagnostics_AsInTheGuide_Tell()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>(new SlabChannelOptions { LatencySampling = 1 });
        // doc: diagnostics
        ChannelStatistics now = channel.Statistics;     // counts, waits, drops, leases, latency
        Console.WriteLine(now);                         // a line that a person can read

        foreach (var each in ChannelRegistry.List())    // every live channel of the process
            Console.WriteLine($"{each.Name}: {each.Count} of {each.Capacity}, {each.HeldLeases} leased, p99 {each.Latency?.Percentile(99)} ns");
        // end
        Assert.Contains(ChannelRegistry.List(), each => each.Id == now.Id);
    }

    private static Task<float> MeasureAsync() => Task.Delay(1).ContinueWith(_ => 20f, TaskScheduler.Default);

    private static int Receive(Span<byte> bytes)
    {
        bytes[..3].Fill(1);
        return 3;
    }
}
