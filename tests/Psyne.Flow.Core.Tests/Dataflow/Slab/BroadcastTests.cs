using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>What our broadcast promises that the stock one doesn't: nobody misses a message.</summary>
public abstract class BroadcastTests<T>() : DataflowFixture<Lease<T>>(() => new Leases<T>()) where T : unmanaged, INumbered<T>
{
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    private SlabBroadcastBlock<T> New(int bound = DataflowBlockOptions.Unbounded) => new(Options(bound));

    [Fact]
    public async Task Targets_OfDifferentPace_AllSeeEverythingInOrder()
    {
        var block = New(4);
        ProbeTarget<Lease<T>> quick = NewTarget();
        var slow = Track(SlabBlocks.Buffer(Messages, Options(1)));
        block.LinkTo(quick, _propagate);
        block.LinkTo((ITargetBlock<Lease<T>>)slow.Source, _propagate);

        for (int i = 1; i <= 50; i++)
        {
            Task<bool> sent = Send(block, i);
            await Drain(sent);
            Assert.True(await sent);
        }
        block.Complete();
        await Drain(block.Completion);
        await Drain(slow.Block.Completion);

        Assert.Equal(Enumerable.Range(1, 50), quick.Received);
        Assert.Equal(Enumerable.Range(1, 50), slow.Seen);
    }

    [Fact]
    public async Task Target_ThatIsFull_HoldsUpTheSource()
    {
        var block = New(2);
        ProbeTarget<Lease<T>> full = NewTarget(DataflowMessageStatus.Postponed);
        block.LinkTo(full, _propagate);

        int taken = 0;
        for (int i = 0; i < 20; i++)
        {
            taken += Post(block, i) ? 1 : 0;
            Pump.Run();
        }

        Assert.Equal(4, taken); // two for the target, two in front of it
        ((IDataflowBlock)block).Fault(new InvalidOperationException("The rest is dropped."));
        await RunUntil(block.Completion);
    }

    [Fact]
    public void Messages_WithoutTargets_Wait()
    {
        var block = New();
        Assert.True(Post(block, 1));
        Assert.True(Post(block, 2));
        Pump.Run();
        ProbeTarget<Lease<T>> late = NewTarget();

        block.LinkTo(late, _propagate);
        Pump.Run();

        Assert.Equal([1, 2], late.Received);
    }

    [Fact]
    public async Task Link_Disposed_GivesBackWhatWaitedForIt()
    {
        var block = New(8);
        ProbeTarget<Lease<T>> stuck = NewTarget(DataflowMessageStatus.Postponed), other = NewTarget();
        IDisposable link = block.LinkTo(stuck, _propagate);
        block.LinkTo(other, _propagate);
        for (int i = 1; i <= 3; i++)
            Assert.True(Post(block, i));
        Pump.Run();

        link.Dispose();
        link.Dispose();
        Assert.True(Post(block, 4));
        block.Complete();
        await RunUntil(block.Completion);

        Assert.Equal([1, 2, 3, 4], other.Received);
        Assert.Empty(stuck.Received);
        Assert.False(stuck.Completion.IsCompleted);
    }

    [Fact]
    public void Link_WithAPredicate_GetsWhatMatches()
    {
        var block = New(2);
        ProbeTarget<Lease<T>> even = NewTarget(), all = NewTarget();
        block.LinkTo(even, new DataflowLinkOptions(), lease => lease.Value.Number % 2 == 0);
        block.LinkTo(all, new DataflowLinkOptions());

        for (int i = 1; i <= 10; i++)
        {
            Assert.True(Post(block, i));
            Pump.Run();
        }

        Assert.Equal([2, 4, 6, 8, 10], even.Received);
        Assert.Equal(Enumerable.Range(1, 10), all.Received);
    }

    [Fact]
    public async Task Fault_WithMessagesInside_ReachesAllTargetsAndGivesBack()
    {
        var block = New(4);
        ProbeTarget<Lease<T>> one = NewTarget(DataflowMessageStatus.Postponed), two = NewTarget();
        block.LinkTo(one, _propagate);
        block.LinkTo(two, _propagate);
        Assert.True(Post(block, 1));
        Pump.Run();

        ((IDataflowBlock)block).Fault(new InvalidOperationException("on purpose"));
        await RunUntil(Task.WhenAll(one.Completion, two.Completion));

        Assert.Contains("on purpose", one.Error!.ToString());
        Assert.Contains("on purpose", two.Error!.ToString());
        await RunUntil(block.Completion);
        Assert.Equal("on purpose", block.Completion.Exception!.InnerException!.Message);
    }
}

public sealed class SmallBroadcastTests : BroadcastTests<Small>;

public sealed class LargeBroadcastTests : BroadcastTests<Large>;
