using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Encapsulate, AsObservable and AsObserver over blocks that the contract's leaves don't give them: groups, a broadcast, a channel's ends.</summary>
public abstract class EncapsulateTests<T>() : DataflowFixture<Lease<T>>(() => new Leases<T>()) where T : unmanaged, INumbered<T>
{
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    [Fact, Trait("rule", "Encapsulate")]
    public async Task Encapsulate_AChannel_IsABlock()
    {
        using var channel = SlabChannel.CreateSpsc<T>(new SlabChannelOptions { Capacity = 4 });
        IPropagatorBlock<Lease<T>, Lease<T>> block = DataflowBlock.Encapsulate(channel.Writer.AsTargetBlock(), channel.Reader.AsSourceBlock());
        ProbeTarget<Lease<T>> sink = NewTarget();
        block.LinkTo(sink, _propagate);
        for (int i = 1; i <= 50; i++)
            Assert.True(await Send(block, i).Guard());
        block.Complete();
        await sink.Completion.Guard();

        Assert.Equal(Enumerable.Range(1, 50), sink.Received);
        await block.Completion.Guard();
    }

    [Fact, Trait("rule", "Encapsulate")]
    public async Task Encapsulate_ABufferAndBatches_IsABlock()
    {
        var head = new SlabBufferBlock<T>(Options());
        var batches = new SlabBatchBlock<T>(2, new GroupingDataflowBlockOptions { TaskScheduler = Pump });
        head.LinkTo(batches, _propagate);
        IPropagatorBlock<Lease<T>, OwnedLeaseBatch<T>> block = DataflowBlock.Encapsulate(head, batches);
        var sizes = new List<int>();
        var sink = new ActionBlock<OwnedLeaseBatch<T>>(batch =>
        {
            using (batch)
                sizes.Add(batch.Count);
        }, Options());
        block.LinkTo(sink, _propagate);
        for (int i = 1; i <= 5; i++)
            Assert.True(Post(block, i));
        block.Complete();
        await RunUntil(sink.Completion);

        Assert.Equal([2, 2, 1], sizes);
    }

    [Fact, Trait("rule", "Encapsulate")]
    public async Task Encapsulate_Faulted_FaultsBoth()
    {
        var head = new SlabBufferBlock<T>(Options());
        var tail = new SlabBufferBlock<T>(Options());
        head.LinkTo(tail, _propagate);
        IPropagatorBlock<Lease<T>, Lease<T>> block = DataflowBlock.Encapsulate(head, tail);
        Assert.True(Post(block, 1));
        block.Fault(new FormatException("on purpose"));
        await RunUntil(Task.WhenAll(head.Completion, tail.Completion));

        Assert.True(head.Completion.IsFaulted);
        Assert.Contains("on purpose", tail.Completion.Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact, Trait("rule", "Encapsulate")]
    public async Task Encapsulate_ABroadcast_GivesAllToAll()
    {
        var head = new SlabBufferBlock<T>(Options());
        var broadcast = new SlabBroadcastBlock<T>(Options());
        head.LinkTo(broadcast, _propagate);
        IPropagatorBlock<Lease<T>, Lease<T>> block = DataflowBlock.Encapsulate(head, broadcast);
        ProbeTarget<Lease<T>> one = NewTarget(), two = NewTarget();
        block.LinkTo(one, _propagate);
        block.LinkTo(two, _propagate);
        for (int i = 1; i <= 5; i++)
            Assert.True(Post(block, i));
        block.Complete();
        await RunUntil(Task.WhenAll(one.Completion, two.Completion));

        Assert.Equal([1, 2, 3, 4, 5], one.Received);
        Assert.Equal([1, 2, 3, 4, 5], two.Received);
    }

    [Fact, Trait("rule", "AsObservable")]
    public async Task StockAsObservable_OfABroadcastAndAJoin_SeesAllAndTheEnd()
    {
        var broadcast = new SlabBroadcastBlock<T>(Options());
        var seen = new Seen<Lease<T>>(Messages.Take);
        using IDisposable subscription = DataflowBlock.AsObservable(broadcast).Subscribe(seen);
        for (int i = 1; i <= 3; i++)
            Assert.True(Post(broadcast, i));
        broadcast.Complete();
        await RunUntil(seen.Ended);
        Assert.Equal([1, 2, 3], seen.Values);

        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = Pump });
        var pairs = new Seen<LeasePair<T, T>>(pair =>
        {
            using (pair)
                return pair.First.Number + pair.Second.Number;
        });
        using IDisposable other = DataflowBlock.AsObservable(join).Subscribe(pairs);
        IObserver<Lease<T>> first = join.Target1.AsObserver(), second = join.Target2.AsObserver();
        first.OnNext(Messages.Make(1));
        second.OnNext(Messages.Make(10));
        first.OnCompleted();
        second.OnCompleted();
        await RunUntil(pairs.Ended);
        Assert.Equal([11], pairs.Values);
        Assert.Null(await pairs.Ended);
    }

    [Fact, Trait("rule", "AsObserver")]
    public async Task AsObserver_OfABroadcast_PassesValuesAndTheErrorOn()
    {
        var broadcast = new SlabBroadcastBlock<T>(Options());
        ProbeTarget<Lease<T>> sink = NewTarget();
        broadcast.LinkTo(sink, _propagate);
        IObserver<Lease<T>> observer = broadcast.AsObserver();
        observer.OnNext(Messages.Make(1));
        Pump.Run();
        observer.OnError(new FormatException("on purpose"));
        await RunUntil(sink.Completion);

        Assert.Equal([1], sink.Received);
        Assert.Contains("on purpose", sink.Error!.ToString(), StringComparison.Ordinal);
    }

    private sealed class Seen<TMessage>(Func<TMessage, int> take) : IObserver<TMessage>
    {
        private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Values { get; } = [];

        public Task<Exception?> Ended => _ended.Task;

        public void OnNext(TMessage value) => Values.Add(take(value));

        public void OnCompleted() => _ended.TrySetResult(null);

        public void OnError(Exception error) => _ended.TrySetResult(error);
    }
}

public sealed class SmallEncapsulateTests : EncapsulateTests<Small>;

public sealed class LargeEncapsulateTests : EncapsulateTests<Large>;
