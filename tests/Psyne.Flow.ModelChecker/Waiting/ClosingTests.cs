using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// A channel is finished when its gate is closed, no claim is open and everything published was taken: no message is
/// overlooked, and somebody always notices.
/// </summary>
public class ClosingTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Ticket<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_ClosedWhileFull_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 2, TicketFull<ModelAtomics>(tellsNobody: false));

    // Found in SingleRingWriter.Begin: a claim that failed because the ring was full ended its ticket without a look at the gate.
    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_FullClaimEndsUntold_NeverCompletes(MemoryModel model) =>
        Exploration.Find(output, model, 3, TicketFull<ModelAtomics>(tellsNobody: true));

    // Found in ChannelCore.IsDrained, which looked at the gate's closed bit: it stands before the barrier has run.
    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_ConcludedBeforeTheBarrier_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, TicketOnce<ModelAtomics>(early: true)).Kind);

    // Found in ChannelCore.TryFinish: the end of a claim and the end of a lease each missed the other.
    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_FinishWithoutFence_NeverCompletes(MemoryModel model) =>
        Exploration.Find(output, model, 3, TicketFull<Mutant<NoFence>>(tellsNobody: false));

    [Theory]
    [MemberData(nameof(Models))]
    public void Ticket_CloseWithoutBarrier_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, TicketOnce<Mutant<NoBarrier>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Staged_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Staged<ModelAtomics>(travels: false));

    [Theory]
    [MemberData(nameof(Models))]
    public void Staged_SharedCells_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Staged<ModelAtomics>(travels: true));

    [Theory]
    [MemberData(nameof(Models))]
    public void Staged_CloseWithoutBarrier_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, StagedOnce<Mutant<NoBarrier>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Pooled<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_ClaimEndsBeforeThePublish_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, Pooled<ModelAtomics>(early: true)).Kind);

    // Found in ChannelCore.IsDrained.
    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_LateClaimAfterTheEnd_LosesAWakeUpWhereTheEndIsForgotten(MemoryModel model) =>
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 2, Pooled<ModelAtomics>(forgets: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_CloseWithoutBarrier_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, PooledOnce<Mutant<NoBarrier>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_BatchClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Batch(ignoresGate: false));

    // Found in PooledWriter.TryClaimMany: the closer's scan had passed a slot that the batch then took.
    [Theory]
    [MemberData(nameof(Models))]
    public void Pooled_BatchTakesMoreAfterClose_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, Batch(ignoresGate: true)).Kind);

    private static Scenario<TicketChannel<TAtomics>> Ticket<TAtomics>() where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new TicketChannel<TAtomics>(memory, consumer, capacity: 1),
            [channel => channel.Produce(0, 2), channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());
    }

    // A claim that is on its way when the gate closes.
    private static Scenario<TicketChannel<TAtomics>> TicketOnce<TAtomics>(bool early = false) where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new TicketChannel<TAtomics>(memory, consumer, capacity: 1) { ConcludesEarly = early },
            [channel => channel.TryProduce(0), channel => channel.Close(), channel => channel.Consume(0)],
            channel => channel.CheckFinished());
    }

    private static Scenario<StagedChannel<TAtomics>> StagedOnce<TAtomics>() where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new StagedChannel<TAtomics>(memory, consumer),
            [channel => channel.TryProduce(0), channel => channel.Close(), channel => channel.Consume(0)],
            channel => channel.CheckFinished());
    }

    private static Scenario<PooledChannel<TAtomics>> PooledOnce<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new PooledChannel<TAtomics>(memory, slots: 1),
        [channel => channel.TryProduce(0), channel => channel.Close(), channel => channel.Consume(0)],
        channel => channel.CheckFinished());

    private static Scenario<TicketChannel<TAtomics>> TicketFull<TAtomics>(bool tellsNobody) where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory =>
            {
                var channel = new TicketChannel<TAtomics>(memory, consumer, capacity: 1) { TellsNobodyWhenFull = tellsNobody };
                channel.Produce(0, 1);
                return channel;
            },
            [channel => channel.TryProduce(0), channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());
    }

    private static Scenario<StagedChannel<TAtomics>> Staged<TAtomics>(bool travels) where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new StagedChannel<TAtomics>(memory, consumer) { Travels = travels },
            [channel => channel.Produce(0, 1), channel => channel.Produce(1, 1), channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());
    }

    private static Scenario<PooledChannel<TAtomics>> Pooled<TAtomics>(bool early = false, bool forgets = false) where TAtomics : struct, IAtomics => new(
        memory => new PooledChannel<TAtomics>(memory, slots: 1) { ClaimEndsEarly = early, ForgetsThatItFinished = forgets },
        [channel => channel.Produce(0, 1), channel => channel.Produce(1, 1), channel => channel.Consume(0), channel => channel.Close()],
        channel => channel.CheckFinished());

    // The first slot is claimed last, so that a scan from the first on can pass it.
    private static Scenario<PooledChannel<ModelAtomics>> Batch(bool ignoresGate) => new(
        memory =>
        {
            var channel = new PooledChannel<ModelAtomics>(memory, slots: 2) { BatchIgnoresGate = ignoresGate };
            channel.LeaveFirstSlotLast();
            channel.BeginBatch();
            return channel;
        },
        [channel => channel.Close(), channel => channel.EndBatch(), channel => channel.Consume(0)],
        channel => channel.CheckFinished());
}
