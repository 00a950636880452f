using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Docs;

/// <summary>The examples of docs/guide-async-streams.md, which stand there word for word: what is between "// doc: name" and "// end".</summary>
public sealed class StreamGuide
{
    private readonly List<float> _stored = [];
    private readonly SlabChannel<Reading> _channel = SlabChannel.CreateSpsc<Reading>();

    private void Store(in Reading reading) => _stored.Add(reading.Celsius);

    private void Fill(params float[] celsius)
    {
        for (int i = 0; i < celsius.Length; i++)
            _channel.Writer.Publish(new Reading { Sensor = i, Celsius = celsius[i] });
        _channel.Complete();
    }

    [Fact]
    public async Task Read()
    {
        var channel = _channel;
        Fill(20, 30);
        var cancellationToken = TestContext.Current.CancellationToken;
        // doc: read
        var block = channel.Reader.AsSourceBlock();

        await foreach (var lease in block.ReadAllAsync(cancellationToken))     // as with channel.Reader.ReadAllAsync
            using (lease)                                                      // each lease is the loop's to dispose
                Store(in lease.Value);
        // the block has ended; had it faulted, the loop would have thrown that
        // end
        Assert.Equal([20f, 30f], _stored);
    }

    [Fact]
    public async Task Write()
    {
        // doc: write
        using var channel = MeasureAsync().ToChannel(new SlabChannelOptions { Capacity = 1024 });

        await foreach (var lease in channel.Reader.ReadAllAsync())
            using (lease)
                Store(in lease.Value);
        // end
        Assert.Equal([21f, 22f], _stored);
    }

    [Fact]
    public async Task Share()
    {
        // doc: share
        using var channel = SlabChannel.CreateMpsc<Reading>();
        Task indoors = MeasureAsync().WriteToAsync(channel.Writer, leaveOpen: true);
        Task outdoors = MeasureAsync().WriteToAsync(channel.Writer, leaveOpen: true);
        await Task.WhenAll(indoors, outdoors);             // throws what either stream threw
        channel.Complete();
        // end
        Assert.Equal(4, channel.Count);
    }

    [Fact]
    public async Task Operators()
    {
        var channel = _channel;
        Fill(20, 30, 40);
        // doc: operators
        float mean = await channel.Reader.ReadAllAsync()
            .Values()                                      // copies; each lease is disposed as its value is given
            .Where(reading => reading.Celsius > 25)
            .Select(reading => reading.Celsius)
            .AverageAsync();
        // end
        Assert.Equal(35, mean);
    }

    [Fact]
    public async Task Keep()
    {
        var channel = _channel;
        Fill(20, 30, 40);
        // doc: keep
        var chunks = channel.Reader.ReadAllAsync()
            .Select(lease => { using (lease) return lease.Retain(); })         // a lease that doesn't stand in line
            .Chunk(2);

        await foreach (var chunk in chunks)
            foreach (var lease in chunk)
                using (lease)                                                  // the chunk's leases are whoever's has it
                    Store(in lease.Value);
        // end
        Assert.Equal([20f, 30f, 40f], _stored);
    }

    [Fact]
    public async Task Broadcast()
    {
        var channel = _channel;
        Fill(20, 30);
        // doc: broadcast
        var broadcast = new SlabBroadcastBlock<Reading>();
        var mine = new SlabBufferBlock<Reading>(new DataflowBlockOptions { BoundedCapacity = 64 });
        broadcast.LinkTo(mine, new DataflowLinkOptions { PropagateCompletion = true });
        channel.Reader.AsSourceBlock().LinkTo(broadcast, new DataflowLinkOptions { PropagateCompletion = true });

        await foreach (var reading in mine.ReadAllAsync().Values())
            Store(in reading);
        // end
        Assert.Equal([20f, 30f], _stored);
    }

    private static async IAsyncEnumerable<Reading> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 1; i <= 2; i++)
        {
            await Task.Delay(1, cancellationToken);
            yield return new Reading { Sensor = i, Celsius = 20 + i };
        }
    }
}
