using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>What blocks say of themselves.</summary>
public sealed class BlockStatisticsTests
{
    private const int Count = 100;

    private readonly Leases<Small> _small = new();
    private readonly PumpScheduler _pump = new();
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    private SlabBlockOptions Options(int bound = DataflowBlockOptions.Unbounded, bool fastPath = true) =>
        new() { TaskScheduler = _pump, BoundedCapacity = bound, FastPath = fastPath };

    private void Post(ITargetBlock<Lease<Small>> block, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(block.Post(_small.Make(i)));
    }

    /// <summary>All but what was allocated, which a test of its own looks at.</summary>
    private static BlockStatistics Counts(SlabBlock block) => block.Statistics with { AllocatedBytes = 0 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pipeline_CountsWhatCameAndLeft(bool fastPath)
    {
        var buffer = new SlabBufferBlock<Small>(Options(fastPath: fastPath));
        var transform = new SlabTransformBlock<Small, Small>((in Small input, ref Small output) => output = input, Options(fastPath: fastPath));
        var action = new SlabActionBlock<Small>((ref readonly Small _) => { }, Options(fastPath: fastPath));
        Post(buffer, Count);
        Assert.Equal(new BlockStatistics(Count, 0, 0, Count, 0, 0), Counts(buffer));

        buffer.LinkTo(transform);
        _pump.Run();
        Assert.Equal(new BlockStatistics(Count, Count, 0, 0, 0, 0), Counts(buffer));
        Assert.Equal(new BlockStatistics(Count, 0, 0, Count, 0, 0), Counts(transform));

        transform.LinkTo(action);
        _pump.Run();
        Assert.Equal(new BlockStatistics(Count, Count, 0, 0, 0, 0), Counts(transform));
        Assert.Equal(new BlockStatistics(Count, 0, 0, 0, 0, 0), Counts(action));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FullTarget_CountsThatItsSourceWaits(bool fastPath)
    {
        var buffer = new SlabBufferBlock<Small>(Options(fastPath: fastPath));
        var bounded = new SlabBufferBlock<Small>(Options(bound: 3, fastPath));
        buffer.LinkTo(bounded);
        Post(buffer, Count);
        _pump.Run();
        Assert.Equal(new BlockStatistics(3, 0, 0, 3, 1, 0), Counts(bounded));
        Assert.True(bounded.TryReceive(out Lease<Small> lease));
        lease.Dispose();
        _pump.Run();
        Assert.Equal(4, bounded.Statistics.Received);
        Assert.Equal(Count - 4, buffer.Statistics.OutputCount);
    }

    [Fact]
    public void Broadcast_CountsEachTarget()
    {
        var broadcast = new SlabBroadcastBlock<Small>(Options());
        var first = new SlabBufferBlock<Small>(Options());
        IDisposable link = broadcast.LinkTo(first);
        Post(broadcast, 4);
        _pump.Run();
        broadcast.LinkTo(new SlabBufferBlock<Small>(Options(bound: 1)));
        Post(broadcast, 2);
        _pump.Run();
        Assert.Equal(new BlockStatistics(6, 7, 0, 1, 0, 0), Counts(broadcast));
        link.Dispose();
        Assert.Equal(7, broadcast.Statistics.Sent);
    }

    [Fact]
    public void BatchesAndPairs_AreCountedAsWhatTheyAre()
    {
        var batches = new SlabBatchBlock<Small>(4, new SlabBatchOptions { TaskScheduler = _pump });
        Post(batches, 10);
        _pump.Run();
        Assert.Equal(10, batches.Statistics.Received);
        Assert.Equal(2, batches.Statistics.OutputCount);

        var pairs = new SlabJoinBlock<Small, Small>(new GroupingDataflowBlockOptions { TaskScheduler = _pump });
        Post(pairs.Target1, 3);
        Post(pairs.Target2, 2);
        _pump.Run();
        Assert.Equal(new BlockStatistics(5, 0, 1, 2, 0, 0), Counts(pairs));
    }

    [Fact]
    public async Task ChannelSource_CountsWhatItTook()
    {
        using var channel = SlabChannel.CreateSpsc<Small>();
        for (int i = 0; i < Count; i++)
            channel.Writer.Publish(Small.Of(i));
        channel.Complete();
        SlabSourceBlock<Lease<Small>> source = channel.Reader.AsSourceBlock();
        var sink = new SlabActionBlock<Small>((ref readonly Small _) => { });
        source.LinkTo(sink, _propagate);
        await sink.Completion.Guard();
        Assert.Equal(new BlockStatistics(Count, Count, 0, 0, 0, 0), Counts(source));
    }

    [Fact]
    public void Allocations_OfTheDelegate_AreCounted()
    {
        byte[][] kept = new byte[Count][];
        var action = new SlabActionBlock<Small>((ref readonly Small message) => kept[message.Number] = new byte[1000], Options());
        Post(action, Count);
        _pump.Run();
        Assert.InRange(action.Statistics.AllocatedBytes, Count * 1000, Count * 1100);
        Assert.DoesNotContain(null, kept);
    }
}
