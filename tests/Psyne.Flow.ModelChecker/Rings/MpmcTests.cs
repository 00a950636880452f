using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>Two MultiProducers, CompetingRoom and two CompetingConsumers: a ring of four slots for two messages, the slack for claims.</summary>
public class MpmcTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_RoomGrantedAtTheClaim_EachMessageGoesToOne(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Competing<ModelAtomics>(slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_NoSlackForClaims_PublishWaits(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Competing<ModelAtomics>(slots: 2));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_Batches_EachMessageGoesToOne(MemoryModel model) =>
        Exploration.Explore(output, model, 2, new Scenario<CompetingRing<ModelAtomics>>(
            memory => new CompetingRing<ModelAtomics>(memory, slots: 4, capacity: 2, 2, 2),
            [ring => ring.ProduceBatch(0), ring => ring.ProduceBatch(1), ring => ring.ConsumeBatches(0), ring => ring.ConsumeBatches(1)],
            ring => ring.Check()));

    [Theory]
    [MemberData(nameof(Models))]
    public void CompetingRoom_TwoWalks_NeitherSetsTheOtherBack(MemoryModel model) =>
        Exploration.Explore(output, model, null, Walks<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void CompetingRoom_WalkWithoutCompareExchange_BlocksForEver(MemoryModel model) =>
        Assert.Equal(FailureKind.Livelock, Exploration.Find(output, model, 3, Walks<Mutant<GatingWithoutAtomicity>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_PublishWithoutRelease_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 2, Competing<Mutant<RingWordWithoutRelease>>(slots: 4)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_TakeWithoutAcquire_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 2, Competing<Mutant<RingWordWithoutAcquire>>(slots: 4)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpmc_PositionTakenInTwoSteps_IsFound(MemoryModel model) =>
        Exploration.Find(output, model, 2, Competing<Mutant<TailWithoutAtomicity>>(slots: 4));

    private static Scenario<CompetingRing<TAtomics>> Competing<TAtomics>(int slots) where TAtomics : struct, IAtomics => new(
        memory => new CompetingRing<TAtomics>(memory, slots, capacity: 2, 2, 2),
        [ring => ring.Produce(0), ring => ring.Produce(1), ring => ring.Consume(0), ring => ring.Consume(1)],
        ring => ring.Check());

    private static Scenario<CompetingRing<TAtomics>> Walks<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new CompetingRing<TAtomics>(memory, slots: 2, capacity: 2, 5),
        [ring => ring.ProduceAndConsume(), ring => ring.Look()],
        ring => ring.Check());
}
