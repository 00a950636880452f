using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Streams;

/// <summary>Blocks as async streams; over small and large messages.</summary>
public abstract class BlockStreamTests<T> : IDisposable where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    public void Dispose()
    {
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
        GC.SuppressFinalize(this);
    }

    private void Post(ITargetBlock<Lease<T>> block, int first, int count)
    {
        for (int i = first; i < first + count; i++)
            Assert.True(block.Post(_messages.Make(i)));
    }

    private static async Task<List<int>> ReadAll(SlabSourceBlock<Lease<T>> block, CancellationToken token = default)
    {
        var seen = new List<int>();
        await foreach (Lease<T> lease in block.ReadAllAsync(token))
            using (lease)
                seen.Add(lease.Value.Number);
        return seen;
    }

    [Fact]
    public async Task Messages_ThereAndToCome_AreGivenInOrderUntilTheEnd()
    {
        var block = new SlabBufferBlock<T>();
        Post(block, 0, 100);
        Task<List<int>> reading = ReadAll(block);
        for (int i = 100; i < 1000; i++)
        {
            Post(block, i, 1);
            if (i % 100 == 0)
                await Task.Yield();
        }
        block.Complete();

        Assert.Equal(Enumerable.Range(0, 1000), await reading.Guard());
    }

    [Fact]
    public async Task Reader_ThatWaits_GetsEachMessageAsItComes()
    {
        var block = new SlabBufferBlock<T>();
        await using IAsyncEnumerator<Lease<T>> reader = block.ReadAllAsync().GetAsyncEnumerator();
        for (int i = 0; i < 200; i++)
        {
            ValueTask<bool> next = reader.MoveNextAsync();
            Assert.False(next.IsCompleted);
            Post(block, i, 1);
            Assert.True(await next.Guard());
            Assert.Equal(i, reader.Current.Value.Number);
            reader.Current.Dispose();
        }
        ValueTask<bool> last = reader.MoveNextAsync();
        block.Complete();
        Assert.False(await last.Guard());
    }

    [Fact]
    public async Task Fault_ThroughSeveralBlocks_IsThrownAsItIs()
    {
        var first = new SlabBufferBlock<T>();
        var second = new SlabTransformBlock<T>((ref T message) =>
        {
            if (message.Number == 5)
                throw new FormatException("five");
        });
        var third = new SlabBufferBlock<T>();
        first.LinkTo(second, _propagate);
        second.LinkTo(third, _propagate);
        Task<List<int>> reading = ReadAll(third);
        Post(first, 5, 1);

        Assert.Equal("five", (await Assert.ThrowsAsync<FormatException>(() => reading.Guard())).Message);
        // Who comes when it is over is told the same.
        await Assert.ThrowsAsync<FormatException>(() => ReadAll(third).Guard());
    }

    [Fact]
    public async Task Faults_Several_AreAllThrown()
    {
        var block = new SlabBufferBlock<T>();
        ((IDataflowBlock)block).Fault(new AggregateException(new FormatException(), new TimeoutException()));

        var thrown = await Assert.ThrowsAsync<AggregateException>(() => ReadAll(block).Guard());
        Assert.Equal([typeof(FormatException), typeof(TimeoutException)], thrown.InnerExceptions.Select(inner => inner.GetType()));
    }

    [Fact]
    public async Task Fault_OfAChannel_ComesAfterItsMessages()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        channel.Writer.Publish(T.Of(1));
        channel.Complete(new FormatException("on purpose"));
        var seen = new List<int>();

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (Lease<T> lease in channel.Reader.AsSourceBlock().ReadAllAsync())
                using (lease)
                    seen.Add(lease.Value.Number);
        }).Guard();

        Assert.Equal([1], seen);
    }

    [Fact]
    public async Task Block_Cancelled_ThrowsItsToken()
    {
        using var stop = new CancellationTokenSource();
        var block = new SlabBufferBlock<T>(new DataflowBlockOptions { CancellationToken = stop.Token });
        Task<List<int>> reading = ReadAll(block);
        await stop.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task Token_CancelledWhileItWaits_ThrowsItAndLeavesTheBlock()
    {
        using var stop = new CancellationTokenSource();
        var block = new SlabBufferBlock<T>();
        Task<List<int>> reading = ReadAll(block, stop.Token);
        await stop.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.False(block.Completion.IsCompleted);
        // Nothing of the reader is left behind that would take or hold up messages.
        Post(block, 1, 1);
        block.Complete();
        Assert.Equal([1], await ReadAll(block).Guard());
    }

    [Fact]
    public async Task Token_CancelledBetweenMessages_LeavesTheRest()
    {
        using var stop = new CancellationTokenSource();
        var block = new SlabBufferBlock<T>();
        Post(block, 1, 3);
        var seen = new List<int>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Lease<T> lease in block.ReadAllAsync().WithCancellation(stop.Token))
                using (lease)
                {
                    seen.Add(lease.Value.Number);
                    stop.Cancel();
                }
        }).Guard();

        Assert.Equal([1], seen);
        Assert.Equal(2, block.Count);
        block.Complete();
        Assert.Equal([2, 3], await ReadAll(block).Guard());
    }

    [Fact]
    public async Task Token_CancelledBefore_TakesNothing()
    {
        var block = new SlabBufferBlock<T>();
        Post(block, 1, 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAll(block, new CancellationToken(canceled: true)).Guard());
        Assert.Equal(1, block.Count);
        block.Complete();
        Assert.Equal([1], await ReadAll(block).Guard());
    }

    [Fact]
    public async Task Loop_ThatBreaks_LeavesTheRestAndNoLink()
    {
        var block = new SlabBufferBlock<T>();
        Post(block, 1, 5);
        await foreach (Lease<T> lease in block.ReadAllAsync())
            using (lease)
                if (lease.Value.Number == 2)
                    break;
        Assert.Equal(3, block.Count);

        var seen = new List<int>();
        var sink = new SlabActionBlock<T>((ref readonly T message) => seen.Add(message.Number));
        block.LinkTo(sink, _propagate);
        block.Complete();
        await sink.Completion.Guard();
        Assert.Equal([3, 4, 5], seen);
    }

    [Fact]
    public async Task Readers_Several_ShareTheMessages()
    {
        const int Count = 5000;
        var block = new SlabBufferBlock<T>();
        Task<List<int>>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAll(block)))];
        await Hang.Start(() => Post(block, 0, Count)).Guard();
        block.Complete();
        List<int>[] seen = await Task.WhenAll(readers).Guard();

        Assert.Equal(Enumerable.Range(0, Count), seen.SelectMany(part => part).Order());
        Assert.All(seen, part => Assert.Equal(part.Order(), part));
    }

    [Fact]
    public async Task Reader_BesideALink_SharesTheMessages()
    {
        const int Count = 2000;
        var linked = new List<int>();
        var block = new SlabBufferBlock<T>();
        var sink = new SlabActionBlock<T>((ref readonly T message) => linked.Add(message.Number), new SlabBlockOptions { BoundedCapacity = 1 });
        block.LinkTo(sink, _propagate);
        Task<List<int>> reading = Task.Run(() => ReadAll(block));
        await Hang.Start(() => Post(block, 0, Count)).Guard();
        block.Complete();
        await sink.Completion.Guard();

        Assert.Equal(Enumerable.Range(0, Count), linked.Concat(await reading.Guard()).Order());
    }

    [Fact]
    public async Task Message_ReservedByAnother_IsWaitedFor()
    {
        var block = new SlabBufferBlock<T>();
        var other = new ProbeTarget<Lease<T>>(_messages);
        Post(block, 1, 1);
        Assert.True(other.Reserve(block, 1));
        Task<List<int>> reading = ReadAll(block);
        block.Complete();
        Assert.False(reading.IsCompleted);

        other.Release(block, 1);
        Assert.Equal([1], await reading.Guard());
    }

    [Fact]
    public async Task Bounded_SlowReader_HoldsTheSenderUp()
    {
        var block = new SlabBufferBlock<T>(new DataflowBlockOptions { BoundedCapacity = 2 });
        var seen = new List<int>();
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
                Assert.True(await block.SendAsync(_messages.Make(i)));
            block.Complete();
        });
        await foreach (Lease<T> lease in block.ReadAllAsync())
            using (lease)
            {
                Assert.InRange(block.Count, 0, 2);
                seen.Add(lease.Value.Number);
            }
        await sending.Guard();
        Assert.Equal(Enumerable.Range(0, 200), seen);
    }

    [Fact]
    public async Task Batches_AndPairs_AreStreamsToo()
    {
        var batches = new SlabBatchBlock<T>(2);
        Post(batches, 1, 5);
        batches.Complete();
        var sizes = new List<int>();
        await foreach (OwnedLeaseBatch<T> batch in batches.ReadAllAsync())
            using (batch)
                sizes.Add(batch.Count);
        Assert.Equal([2, 2, 1], sizes);

        var join = new SlabJoinBlock<T, T>();
        Post(join.Target1, 1, 2);
        Post(join.Target2, 11, 2);
        join.Complete();
        var sums = new List<int>();
        await foreach (LeasePair<T, T> pair in join.ReadAllAsync())
            using (pair)
                sums.Add(pair.First.Number + pair.Second.Number);
        Assert.Equal([12, 14], sums);
    }

    [Fact]
    public async Task LeaseThatALoopDrops_ComesBack()
    {
        var block = new SlabBufferBlock<T>();
        Post(block, 1, 3);
        block.Complete();
        int count = 0;
        await foreach (Lease<T> _ in block.ReadAllAsync())
            count++;
        Assert.Equal(3, count); // Dispose looks whether they came back
    }
}

public sealed class SmallBlockStreamTests : BlockStreamTests<Small>;

public sealed class LargeBlockStreamTests : BlockStreamTests<Large>;
