using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>A ring for each of two producers: one consumer turns between them, parks for both, and ends with the last.</summary>
public class LanesTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ConsumerTurnsAndParks_NothingIsLost(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Traffic<ModelAtomics>(Channel<ModelAtomics>()));

    // A run is known by its first word; the turn is shorter than it.
    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_RunLongerThanATurn_NothingIsLost(MemoryModel model)
    {
        var open = Channel<ModelAtomics>(slots: 4, capacity: 4, turn: 1);
        Exploration.Explore(output, model, 2, new Scenario<LanesChannel<ModelAtomics>>(
            memory => open(memory),
            [channel => channel.ProduceRun(0, 3), channel => channel.Produce(1, 1), channel => channel.Consume(0, 4)],
            channel => channel.CheckDelivered()));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Closed<ModelAtomics>(Channel<ModelAtomics>()));

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ClosedWhileOneIsFull_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Full<ModelAtomics>(Channel<ModelAtomics>()));

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ConsumerWaitsForOneLane_SleepsForEver(MemoryModel model)
    {
        var consumers = Consumers<ModelAtomics>();
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 2, Traffic<ModelAtomics>(
            memory => new LanesChannel<ModelAtomics>(memory, consumers, 2, 1, 2) { WaitsForOneLane = true })).Kind);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ReleaseWakesTheOtherLane_SleepsForEver(MemoryModel model)
    {
        var consumers = Consumers<ModelAtomics>();
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 2, Traffic<ModelAtomics>(
            memory => new LanesChannel<ModelAtomics>(memory, consumers, 2, 1, 2) { WakesTheOtherLane = true })).Kind);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ConcludedFromOne_OverlooksAMessage(MemoryModel model)
    {
        var consumers = Consumers<ModelAtomics>();
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, Closed<ModelAtomics>(
            memory => new LanesChannel<ModelAtomics>(memory, consumers, 2, 1, 2) { ConcludesFromOneLane = true })).Kind);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_ShutAfterTheBarrier_NeverCompletes(MemoryModel model)
    {
        var consumers = Consumers<ModelAtomics>();
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 4, Last<ModelAtomics>(
            memory => new LanesChannel<ModelAtomics>(memory, consumers, 2, 2, 2) { ShutsAfterTheBarrier = true })).Kind);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_LastTakenAsItCloses_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 4, Last<ModelAtomics>(Channel<ModelAtomics>(capacity: 2)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_CloseWithoutBarrier_IsFound(MemoryModel model)
    {
        var consumers = Consumers<Mutant<NoBarrier>>();
        Exploration.Find(output, model, 3, Closed<Mutant<NoBarrier>>(
            memory => new LanesChannel<Mutant<NoBarrier>>(memory, consumers, 2, 1, 2)));
    }

    // A claim that travels may be ended by another thread than the one that closes the end.
    [Theory]
    [MemberData(nameof(Models))]
    public void Lane_ClosedWhileItsClaimEnds_GoesToTheNextAsItWasLeft(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        Exploration.Explore(output, model, 3, Tenancy(memory => new LaneTenancy<ModelAtomics>(memory, consumer)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lane_FreeWithItsClaim_IsFound(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        Exploration.Find(output, model, 3, Tenancy(
            memory => new LaneTenancy<ModelAtomics>(memory, consumer) { SettlesWithTheClaim = true }));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lane_ClaimEndsUntold_IsNeverFree(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        Exploration.Find(output, model, 3, Tenancy(
            memory => new LaneTenancy<ModelAtomics>(memory, consumer) { ArrivesUntold = true }));
    }

    private static Scenario<LaneTenancy<ModelAtomics>> Tenancy(Func<ModelMemory, LaneTenancy<ModelAtomics>> open) => new(
        open,
        [lane => lane.EndClaim(), lane => lane.CloseEnd(), lane => lane.Follow()],
        lane => lane.CheckBothArrived());

    private static Pinned<SequentialConsumer<long, TAtomics>>[] Consumers<TAtomics>() where TAtomics : struct, IAtomics => [new(), new()];

    private static Func<ModelMemory, LanesChannel<TAtomics>> Channel<TAtomics>(int slots = 2, int capacity = 1, int turn = 2)
        where TAtomics : struct, IAtomics
    {
        var consumers = Consumers<TAtomics>();
        return memory => new LanesChannel<TAtomics>(memory, consumers, slots, capacity, turn);
    }

    private static Scenario<LanesChannel<TAtomics>> Traffic<TAtomics>(Func<ModelMemory, LanesChannel<TAtomics>> open)
        where TAtomics : struct, IAtomics => new(
            open,
            [channel => channel.Produce(0, 2), channel => channel.Produce(1, 1), channel => channel.Consume(0, 3)],
            channel => channel.CheckDelivered());

    private static Scenario<LanesChannel<TAtomics>> Closed<TAtomics>(Func<ModelMemory, LanesChannel<TAtomics>> open)
        where TAtomics : struct, IAtomics => new(
            open,
            [channel => channel.Produce(0, 1), channel => channel.TryProduce(1), channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());

    // One lane is full and its producer wants more; the other stays empty.
    private static Scenario<LanesChannel<TAtomics>> Full<TAtomics>(Func<ModelMemory, LanesChannel<TAtomics>> open)
        where TAtomics : struct, IAtomics => new(
            open,
            [channel => channel.Produce(1, 2), channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());

    // A message in each lane, which the consumer takes as another closes: one of the two completes the channel.
    private static Scenario<LanesChannel<TAtomics>> Last<TAtomics>(Func<ModelMemory, LanesChannel<TAtomics>> open)
        where TAtomics : struct, IAtomics => new(
            memory =>
            {
                var channel = open(memory);
                channel.TryProduce(0);
                channel.TryProduce(1);
                return channel;
            },
            [channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());
}
