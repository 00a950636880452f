using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Messages that several hold, that leave our blocks, and that come in another order than they are wanted.</summary>
public sealed class SharedMessageTests
{
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };
    private readonly Leases<Large> _messages = new();
    private readonly PumpScheduler _pump = new();

    private DataflowBlockOptions Pumped => new() { TaskScheduler = _pump };

    private bool Offer(ITargetBlock<Lease<Large>> block, int value)
    {
        Lease<Large> message = _messages.Make(value);
        bool taken = block.Post(message);
        if (!taken)
            message.Dispose();
        return taken;
    }

    private void AssertNothingHeld()
    {
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
    }

    [Fact]
    public async Task InPlace_OfASharedMessage_ChangesACopy()
    {
        var broadcast = new SlabBroadcastBlock<Large>();
        var seen = new List<int>();
        using var gate = new ManualResetEventSlim();
        var reader = new SlabActionBlock<Large>((ref readonly Large message) =>
        {
            gate.Wait(); // until the other has changed all
            seen.Add(message.Number);
        });
        var change = new SlabTransformBlock<Large>((ref Large message) => message = Large.Of(message.Number + 100));
        var changed = new List<int>();
        var sink = new SlabActionBlock<Large>((ref readonly Large message) => changed.Add(message.Number));
        broadcast.LinkTo(reader, _propagate);
        broadcast.LinkTo(change, _propagate);
        change.LinkTo(sink, _propagate);
        for (int i = 1; i <= 20; i++)
            Assert.True(Offer(broadcast, i));
        broadcast.Complete();
        await sink.Completion.Guard();
        gate.Set();
        await reader.Completion.Guard();

        Assert.Equal(Enumerable.Range(101, 20), changed);
        Assert.Equal(Enumerable.Range(1, 20), seen);
        AssertNothingHeld();
    }

    [Fact]
    public void InPlace_OfAMessageOfItsOwn_MovesNothing()
    {
        var change = new SlabTransformBlock<Large>((ref Large message) => message = Large.Of(message.Number + 1), new SlabBlockOptions { TaskScheduler = _pump });
        Assert.True(Offer(change, 1));
        _pump.Run();
        Assert.Equal(1, _messages.Live); // the same slot still
        Assert.True(change.TryReceive(out Lease<Large> lease));
        Assert.Equal(2, lease.Value.Number);
        lease.Dispose();
        AssertNothingHeld();
    }

    [Fact]
    public void Lease_ThatLeft_CanBeRetainedAndEndsOnce()
    {
        var buffer = new SlabBufferBlock<Large>(Pumped);
        Assert.True(Offer(buffer, 5));
        Assert.True(buffer.TryReceive(out Lease<Large> lease));
        Assert.True(lease.IsHeld);
        Lease<Large> share = lease.Retain();
        lease.Dispose();
        Assert.False(lease.IsHeld);
        Assert.Throws<LeaseException>(() => lease.Value.Number);
        Assert.Throws<LeaseException>(lease.Dispose);
        Assert.Throws<LeaseException>(() => lease.Retain());
        Assert.Equal(5, share.Value.Number);
        Assert.True(buffer.Post(share)); // and back in, without its ticket
        Assert.True(buffer.TryReceive(out share));
        share.Dispose();
        AssertNothingHeld();
    }

    [Fact]
    public async Task StockBroadcast_RetainsInItsCloningFunction_AllComesBack()
    {
        var buffer = new SlabBufferBlock<Large>();
        var stock = new BroadcastBlock<Lease<Large>>(static lease => lease.Retain());
        var taken = new List<int>();
        var action = new ActionBlock<Lease<Large>>(lease =>
        {
            using (lease)
                taken.Add(lease.Value.Number);
        });
        buffer.LinkTo(stock, _propagate);
        stock.LinkTo(action, _propagate);
        for (int i = 0; i < 100; i++)
            Assert.True(Offer(buffer, i));
        buffer.Complete();
        await action.Completion.Guard();

        Assert.NotEmpty(taken);
        stock = null;
        AssertNothingHeld(); // the originals, which the stock block drops
    }

    /// <summary>A block whose first message is done last: when <paramref name="first"/> completes, after all the others.</summary>
    private static SlabTransformBlock<Large, Large> FirstLast(int count, TaskCompletionSource first, TaskCompletionSource others)
    {
        int done = 0;
        return SlabTransformBlock<Large, Large>.CreateAsync(async (input, output) =>
        {
            output.Value = input.Value;
            if (input.Value.Number == 0)
                await first.Task;
            else if (Interlocked.Increment(ref done) == count - 1)
                others.SetResult();
        }, new SlabBlockOptions { MaxDegreeOfParallelism = count });
    }

    [Fact]
    public async Task Results_FarOutOfOrder_AreSentInOrder()
    {
        const int Count = 60;
        var (first, others) = (new TaskCompletionSource(), new TaskCompletionSource());
        var block = FirstLast(Count, first, others);
        var seen = new List<int>();
        var sink = new SlabActionBlock<Large>((ref readonly Large message) => seen.Add(message.Number));
        block.LinkTo(sink, _propagate);
        for (int i = 0; i < Count; i++)
            Assert.True(Offer(block, i));
        await others.Task.Guard();
        first.SetResult();
        block.Complete();
        await sink.Completion.Guard();

        Assert.Equal(Enumerable.Range(0, Count), seen);
        AssertNothingHeld();
    }

    [Fact]
    public async Task Results_FaultedBeforeTheFirst_AreDropped()
    {
        const int Count = 5;
        var (first, others) = (new TaskCompletionSource(), new TaskCompletionSource());
        var block = FirstLast(Count, first, others);
        for (int i = 0; i < Count; i++)
            Assert.True(Offer(block, i));
        await others.Task.Guard();
        ((IDataflowBlock)block).Fault(new FormatException("on purpose"));
        Assert.False(block.Completion.IsCompleted);
        first.SetResult();

        await Assert.ThrowsAsync<FormatException>(() => block.Completion.Guard());
        AssertNothingHeld();
    }

    [Fact]
    public async Task Broadcast_AsASource_OffersNothingItself()
    {
        var block = new SlabBroadcastBlock<Large>(Pumped);
        ISourceBlock<Lease<Large>> source = block;
        var header = new DataflowMessageHeader(1);
        var target = new ProbeTarget<Lease<Large>>(_messages);
        source.ConsumeMessage(header, target, out bool consumed);
        Assert.False(consumed);
        Assert.False(source.ReserveMessage(header, target));
        Assert.Throws<InvalidOperationException>(() => source.ReleaseReservation(header, target));
        Assert.Throws<ArgumentException>(() => source.ReserveMessage(default, target));
        Assert.Throws<ArgumentNullException>(() => source.ReserveMessage(header, null!));
        Assert.Equal(0, block.InputCount);
        block.Complete();
        _pump.Run();
        await block.Completion.Guard();
        block.LinkTo(target, _propagate).Dispose();
        await target.Completion.Guard();
    }

    [Fact]
    public async Task Join_Faulted_GivesBothSidesBack()
    {
        var join = new SlabJoinBlock<Large, Large>();
        Assert.True(Offer(join.Target1, 1));
        Assert.True(Offer(join.Target1, 2));
        Assert.Contains("join", join.Target1.ToString());
        Assert.Throws<ArgumentNullException>(() => join.Target1.Fault(null!));
        join.Target2.Fault(new FormatException("on purpose"));
        await Assert.ThrowsAsync<FormatException>(() => join.Target1.Completion.Guard());
        AssertNothingHeld();
    }

    [Fact]
    public async Task Join_MostPairsReached_Ends()
    {
        var join = new SlabJoinBlock<Large, Large>(new GroupingDataflowBlockOptions { MaxNumberOfGroups = 1 });
        Assert.True(Offer(join.Target1, 1));
        Assert.True(Offer(join.Target2, 1));
        using (LeasePair<Large, Large> pair = await join.ReceiveAsync().Guard())
            Assert.Equal(1, pair.Second.Number);
        await join.Completion.Guard();
        Assert.False(Offer(join.Target1, 2));
        AssertNothingHeld();
    }

    [Fact]
    public async Task Batch_OfLargeMessages_RetainsAndFaults()
    {
        var block = new SlabBatchBlock<Large>(2);
        Assert.True(Offer(block, 1));
        Assert.True(Offer(block, 2));
        OwnedLeaseBatch<Large> batch = await block.ReceiveAsync().Guard();
        using (Lease<Large> kept = batch.Retain(0))
        {
            batch.Dispose();
            Assert.Equal(1, kept.Value.Number);
        }
        Assert.True(Offer(block, 3));
        ((IDataflowBlock)block).Fault(new FormatException("on purpose"));
        await Assert.ThrowsAsync<FormatException>(() => block.Completion.Guard());
        AssertNothingHeld();
    }

    [Fact]
    public async Task BatchOfSmall_Faulted_GivesItsRunBack()
    {
        var small = new Leases<Small>();
        var block = new SlabBatchBlock<Small>(10, new SlabBatchOptions { TaskScheduler = _pump });
        Assert.True(block.Post(small.Make(1)));
        _pump.Run();
        ((IDataflowBlock)block).Fault(new FormatException("on purpose"));
        _pump.Run();
        await Assert.ThrowsAsync<FormatException>(() => block.Completion.Guard());
        Assert.Equal(0, small.Live);
    }

    [Fact]
    public async Task Room_TooLittleToTellAtOnce_IsToldInTheEnd()
    {
        // A bound of 1024 tells of room by 64; the last free places are told a moment later.
        var (source, target) = (new SlabBufferBlock<Large>(), new SlabBufferBlock<Large>(new DataflowBlockOptions { BoundedCapacity = 1024 }));
        source.LinkTo(target, _propagate);
        for (int i = 0; i < 1027; i++)
            Assert.True(Offer(source, i));
        source.Complete();
        Assert.True(await target.OutputAvailableAsync().Guard());
        Assert.True(SpinWait.SpinUntil(() => target.Count == 1024, TimeSpan.FromSeconds(30)));
        for (int i = 0; i < 3; i++)
        {
            Assert.True(target.TryReceive(out Lease<Large> lease));
            lease.Dispose();
        }
        await source.Completion.Guard(); // all of it has gone over
        Assert.True(target.TryReceiveAll(out IList<Lease<Large>>? rest));
        Assert.Equal(1024, rest.Count);
        foreach (Lease<Large> lease in rest)
            lease.Dispose();
        AssertNothingHeld();
    }

    [Fact]
    public void Properties_OfDeadLetters_AreWhatWasSet()
    {
        var letters = new BufferBlock<DeadLetter<Large>>();
        Assert.Same(letters, new SlabTransformBlock<Large, Large>((in Large _, ref Large _) => { }) { DeadLetters = letters }.DeadLetters);
        Assert.Same(letters, new SlabTransformBlock<Large>((ref Large _) => { }) { DeadLetters = letters }.DeadLetters);
        Assert.Same(letters, new SlabTransformManyBlock<Large, Large>((in Large _, int _, ref Large _) => false) { DeadLetters = letters }.DeadLetters);
        Assert.Contains("Index", new SlabBufferBlock<Large>(new DataflowBlockOptions { NameFormat = "{7}" }).ToString());
    }
}
