using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Docs;

/// <summary>The examples of docs/guide-blocks.md, which stand there word for word: what is between "// doc: name" and "// end".</summary>
public sealed class BlockGuide
{
    private readonly record struct Raw(int Sensor, int Ticks);

    private record struct Reading(int Sensor, float Celsius);

    private readonly List<float> _stored = [];

    private void Store(in Reading reading) => _stored.Add(reading.Celsius);

    [Fact]
    public async Task Pipeline()
    {
        // doc: pipeline
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        var bounded = new SlabBlockOptions { BoundedCapacity = 1024 };
        using var raw = SlabChannel.CreateSpsc<Raw>();

        var convert = new SlabTransformBlock<Raw, Reading>(
            (in Raw from, ref Reading to) => to = new Reading(from.Sensor, from.Ticks / 10f), bounded);   // into the next slot
        var calibrate = new SlabTransformBlock<Reading>(
            (ref Reading reading) => reading.Celsius += 0.5f, bounded);                                   // where it lies
        var store = new SlabActionBlock<Reading>(
            (ref readonly Reading reading) => Store(in reading), bounded);

        raw.Reader.AsSourceBlock().LinkTo(convert, propagate);
        convert.LinkTo(calibrate, propagate);
        calibrate.LinkTo(store, propagate);
        // end

        raw.Writer.Publish(new Raw(1, 200));
        raw.Complete();
        await store.Completion.Guard();
        Assert.Equal([20.5f], _stored);
    }

    [Fact]
    public async Task Channels()
    {
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        using var raw = SlabChannel.CreateSpsc<Reading>();
        var calibrate = new SlabTransformBlock<Reading>((ref Reading reading) => reading.Celsius += 0.5f);
        // doc: ends
        using var calibrated = SlabChannel.CreateSpsc<Reading>();
        raw.Reader.AsSourceBlock().LinkTo(calibrate, propagate);
        calibrate.LinkTo(calibrated.Writer.AsTargetBlock(), propagate);    // waits while the channel is full; ends it at the end
        // end

        raw.Writer.Publish(new Reading(1, 20));
        raw.Complete();
        await foreach (var lease in calibrated.Reader.ReadAllAsync())
            using (lease)
                Store(in lease.Value);
        Assert.Equal([20.5f], _stored);
    }

    [Fact]
    public async Task Unmatched()
    {
        var source = new SlabBufferBlock<Reading>();
        var warm = new SlabActionBlock<Reading>((ref readonly Reading reading) => Store(in reading));
        // doc: unmatched
        source.LinkTo(warm, new DataflowLinkOptions { PropagateCompletion = true }, lease => lease.Value.Celsius > 20);
        source.Unmatched = new Discard<Lease<Reading>>();        // else the first cold reading would hold up the rest
        // end

        using var channel = SlabChannel.CreateSpsc<Reading>();
        channel.Reader.AsSourceBlock().LinkTo(source, new DataflowLinkOptions { PropagateCompletion = true });
        channel.Writer.Publish(new Reading(1, 10));
        channel.Writer.Publish(new Reading(1, 30));
        channel.Complete();
        await warm.Completion.Guard();
        Assert.Equal([30f], _stored);
    }

    [Fact]
    public async Task Errors()
    {
        // doc: errors
        var letters = new BufferBlock<DeadLetter<Reading>>();
        var store = new SlabActionBlock<Reading>(
            (ref readonly Reading reading) => Store(in reading),
            new SlabBlockOptions { OnError = BlockErrorPolicy.DeadLetter.After(retries: 3, TimeSpan.FromMilliseconds(10)) })
        {
            DeadLetters = letters,                               // each with its message and the last exception
        };
        // end

        store.Complete();
        await store.Completion.Guard();
        Assert.Equal(0, letters.Count);
    }

    [Fact]
    public async Task Batches()
    {
        using var channel = SlabChannel.CreateSpsc<Reading>();
        var readings = channel.Reader.AsSourceBlock();
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        // doc: batches
        var batches = new SlabBatchBlock<Reading>(32, new SlabBatchOptions { MaxDelay = TimeSpan.FromMilliseconds(10) });
        var sum = new ActionBlock<OwnedLeaseBatch<Reading>>(batch =>
        {
            using (batch)                                        // all slots go back together
                for (int i = 0; i < batch.Count; i++)
                    Store(in batch[i]);
        });
        readings.LinkTo(batches, propagate);
        batches.LinkTo(sum, propagate);
        // end

        channel.Writer.Publish(new Reading(1, 1));
        channel.Writer.Publish(new Reading(2, 2));
        channel.Complete();
        await sum.Completion.Guard();
        Assert.Equal([1f, 2f], _stored);
    }

    [Fact]
    public async Task Asynchronous()
    {
        // doc: asynchronous
        var fetch = SlabTransformBlock<Raw, Reading>.CreateAsync(async (from, to) =>
        {
            int ticks = await CorrectAsync(from.Value.Ticks);
            to.Value = new Reading(from.Value.Sensor, ticks / 10f);   // goes on when the task completes, in order
        }, new SlabBlockOptions { MaxDegreeOfParallelism = 8 });
        // end

        var store = new SlabActionBlock<Reading>((ref readonly Reading reading) => Store(in reading));
        fetch.LinkTo(store, new DataflowLinkOptions { PropagateCompletion = true });
        using var channel = SlabChannel.CreateSpsc<Raw>();
        channel.Reader.AsSourceBlock().LinkTo(fetch, new DataflowLinkOptions { PropagateCompletion = true });
        channel.Writer.Publish(new Raw(1, 200));
        channel.Complete();
        await store.Completion.Guard();
        Assert.Equal([20.1f], _stored);
    }

    private static async ValueTask<int> CorrectAsync(int ticks)
    {
        await Task.Yield();
        return ticks + 1;
    }
}
