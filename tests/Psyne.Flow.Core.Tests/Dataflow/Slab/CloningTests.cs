using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>
/// Stock blocks that give one message to several: WriteOnceBlock and BroadcastBlock. Their cloning function is where Retain
/// goes (rule P3); the message that they were given they drop, and it comes back when it is collected (rule P2).
/// </summary>
public abstract class CloningTests<T>() : DataflowFixture<Lease<T>>(() => new Leases<T>()) where T : unmanaged, INumbered<T>
{
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    // Posted through a block of ours, so that its lease has a ticket.
    private SlabBufferBlock<T> Holding(params int[] values)
    {
        var source = new SlabBufferBlock<T>(Options());
        foreach (int value in values)
            Assert.True(Post(source, value));
        return source;
    }

    private SlabAction<T> NewSink() => Track(new SlabAction<T>(Messages, Options()));

    [Fact, Trait("rule", "C26")]
    public void WriteOnce_AsATarget_TakesOneAndLeavesTheRest()
    {
        SlabBufferBlock<T> source = Holding(1, 2, 3);
        var once = new WriteOnceBlock<Lease<T>>(lease => lease.Retain(), Options());
        source.LinkTo(once, _propagate);
        Pump.Run();

        Assert.Equal(2, source.Count);
        Assert.Equal(1, Messages.Take(once.Receive()));
        SlabAction<T> rest = NewSink();
        source.LinkTo(rest.Target, _propagate);
        Pump.Run();
        Assert.Equal([2, 3], rest.Seen);
        Loses(1); // the one that it keeps
    }

    [Fact, Trait("rule", "P3"), Trait("rule", "P2")]
    public async Task WriteOnce_AsASource_GivesEachOfOursAShare()
    {
        SlabBufferBlock<T> source = Holding(7);
        WriteOnceBlock<Lease<T>>? once = new(lease => lease.Retain(), Options());
        SlabAction<T> one = NewSink(), two = NewSink();
        once.LinkTo(one.Target, _propagate);
        once.LinkTo(two.Target, _propagate);
        source.LinkTo(once, _propagate);
        source.Complete();
        await Drain(Task.WhenAll(one.Block.Completion, two.Block.Completion));

        Assert.Equal([7], one.Seen);
        Assert.Equal([7], two.Seen);
        Assert.Equal(7, Messages.Take(once.Receive())); // it has more
        Loses(1);
        once = null; // so that the fixture finds the one that it keeps
    }

    [Fact, Trait("rule", "P3")]
    public async Task WriteOnce_WithoutRetain_GivesAllTheSameLease()
    {
        SlabBufferBlock<T> source = Holding(7);
        var once = new WriteOnceBlock<Lease<T>>(null, Options());
        source.LinkTo(once);
        await RunUntil(once.Completion);
        Lease<T> first = once.Receive(), second = once.Receive();

        Assert.Equal(first, second);
        first.Dispose();
        Assert.Throws<LeaseException>(() => second.Value.Number); // the reason for Retain
    }

    [Fact, Trait("rule", "P2")]
    public void WriteOnce_Declined_LeavesTheLeaseWithItsSender()
    {
        var once = new WriteOnceBlock<Lease<T>>(null, Options());
        Assert.True(Post(once, 1));
        Assert.False(Post(once, 2)); // freed by its sender
        Assert.Equal(1, Messages.Take(once.Receive()));
    }

    [Fact, Trait("rule", "P3"), Trait("rule", "P2")]
    public async Task Broadcast_ThatRetains_GivesEachTargetAShareAndDropsTheOriginal()
    {
        SlabBufferBlock<T> source = Holding(1, 2, 3, 4);
        var broadcast = new BroadcastBlock<Lease<T>>(lease => lease.Retain(), Options());
        SlabAction<T> one = NewSink(), two = NewSink();
        broadcast.LinkTo(one.Target, _propagate);
        broadcast.LinkTo(two.Target, _propagate);
        source.LinkTo(broadcast, _propagate);
        source.Complete();
        await Drain(Task.WhenAll(one.Block.Completion, two.Block.Completion));

        Assert.Equal([1, 2, 3, 4], one.Seen);
        Assert.Equal([1, 2, 3, 4], two.Seen);
        Loses(4); // the originals, which the fixture sees come back
    }

    [Fact, Trait("rule", "P3"), Trait("rule", "P2")]
    public async Task Broadcast_OverASlowTarget_WhatItOverwritesComesBack()
    {
        SlabBufferBlock<T> source = Holding([.. Enumerable.Range(1, 50)]);
        var broadcast = new BroadcastBlock<Lease<T>>(lease => lease.Retain(), Options());
        var slow = Track(SlabBlocks.Buffer(Messages, Options(boundedCapacity: 1)));
        source.LinkTo(broadcast, _propagate);
        broadcast.LinkTo((ITargetBlock<Lease<T>>)slow.Source, _propagate);
        source.Complete();
        await RunUntil(broadcast.Completion); // without taking out: the target is full, so that messages are overwritten
        await Drain(slow.Block.Completion);

        Assert.Equal(slow.Seen.Order(), slow.Seen);
        Assert.InRange(slow.Seen.Count, 1, 50);
        Loses(50);
    }

    [Fact, Trait("rule", "P3"), Trait("rule", "P2")]
    public async Task Broadcast_WhoseCloningThrows_FaultsAndLeavesTheSourceWhole()
    {
        SlabBufferBlock<T> source = Holding(1);
        SlabAction<T> sink = NewSink();
        BroadcastBlock<Lease<T>>? broadcast = new(
            lease => lease.Value.Number == 2 ? throw new FormatException("on purpose") : lease.Retain(), Options());
        broadcast.LinkTo(sink.Target, _propagate);
        source.LinkTo(broadcast, _propagate);
        Pump.Run();
        Assert.True(Post(source, 2));
        await Drain(sink.Block.Completion);

        Assert.Contains("on purpose", sink.Block.Completion.Exception!.ToString(), StringComparison.Ordinal);
        Assert.Equal([1], sink.Seen);
        Assert.True(Post(source, 3)); // declined by the broadcast, and still there for others
        SlabAction<T> rest = NewSink();
        source.LinkTo(rest.Target, _propagate);
        source.Complete();
        await Drain(rest.Block.Completion);
        Assert.Equal([3], rest.Seen);
        Assert.Equal(TaskStatus.RanToCompletion, source.Completion.Status);
        Loses(2);
        broadcast = null; // so that the fixture finds what it dropped
    }
}

public sealed class SmallCloningTests : CloningTests<Small>;

public sealed class LargeCloningTests : CloningTests<Large>;
