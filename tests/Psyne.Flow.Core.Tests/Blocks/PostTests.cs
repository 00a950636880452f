using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Messages that are copied into a block from outside.</summary>
public abstract class PostTests<T> where T : unmanaged, INumbered<T>
{
    private readonly PumpScheduler _pump = new();
    private readonly List<int> _seen = [];

    private SlabBlockOptions Options(int bound) => new() { TaskScheduler = _pump, BoundedCapacity = bound };

    [Fact]
    public void Post_ToAnAction_IsHandled()
    {
        var block = new SlabActionBlock<T>((ref readonly T message) => _seen.Add(message.Number), Options(3));
        for (int i = 0; i < 5; i++)
            Assert.Equal(i < 3, block.Post(T.Of(i))); // full after three
        _pump.Run();
        Assert.True(block.Post(T.Of(9)));
        block.Complete();
        Assert.False(block.Post(T.Of(10)));
        _pump.Run();
        Assert.Equal([0, 1, 2, 9], _seen);
        Assert.Equal(4, block.Statistics.Received);
    }

    [Fact]
    public void Post_BehindWhatWaitsAtASource_IsDeclined()
    {
        var block = new SlabBufferBlock<T>(Options(1));
        var source = new SlabBufferBlock<T>(Options(DataflowBlockOptions.Unbounded));
        source.LinkTo(block);
        Assert.True(source.Post(T.Of(1)));
        Assert.True(source.Post(T.Of(2)));
        _pump.Run();
        Assert.True(block.TryReceive(out Lease<T> first));
        using (first)
            Assert.False(block.Post(T.Of(3))); // else it would be before the source's second
        _pump.Run();
        Assert.True(block.TryReceive(out Lease<T> second));
        using (second)
            Assert.Equal(2, second.Value.Number);
    }

    [Fact]
    public void Post_ToASideOfAJoin_IsJoined()
    {
        var join = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = _pump });
        Assert.True(join.Target1.Post(T.Of(1)));
        Assert.True(join.Target2.Post(T.Of(2)));
        _pump.Run();
        Assert.True(join.TryReceive(out LeasePair<T, T> pair));
        using (pair)
            Assert.Equal((1, 2), (pair.First.Number, pair.Second.Number));
        var reserves = new SlabJoinBlock<T, T>(new GroupingDataflowBlockOptions { TaskScheduler = _pump, Greedy = false });
        Assert.False(reserves.Target1.Post(T.Of(1)));
    }

    [Fact]
    public void Post_ToOthers_SaysWhy()
    {
        Assert.Throws<ArgumentNullException>(() => default(ITargetBlock<Lease<T>>)!.Post(T.Of(1)));
        Assert.Contains("no slab", Assert.Throws<ArgumentException>(() => new BufferBlock<Lease<T>>().Post(T.Of(1))).Message, StringComparison.Ordinal);
    }
}

public sealed class SmallPostTests : PostTests<Small>;

public sealed class LargePostTests : PostTests<Large>;
