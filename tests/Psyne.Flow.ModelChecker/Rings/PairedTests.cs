using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>PairedProducer and SequentialConsumer: their own source. Rings of two slots, so that they wrap; of four and eight, where messages share a line.</summary>
public class PairedTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RingWraps_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null, Wrapping<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_CapacityOfOne_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            PairedRing<ModelAtomics>.Scenario(2, ring => ring.Produce(2), ring => ring.Consume(2), slots: 1));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_Runs_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            PairedRing<ModelAtomics>.Scenario(4, ProduceRuns, ring => ring.Consume(4)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RunsTakenInBatches_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            PairedRing<ModelAtomics>.Scenario(4, ProduceRuns, ring => ring.ConsumeBatches(4)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_SinglesTakenInBatches_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            PairedRing<ModelAtomics>.Scenario(3, ring => ring.Produce(3), ring => ring.ConsumeBatches(3)));

    // Positions 4 and 6 of a ring of four are stored, 5 and 7 found by the words.
    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_SinglesAndRunsOnSharedLines_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            PairedRing<ModelAtomics>.Scenario(7, ProduceMixed, ring =>
            {
                ring.Consume(2);
                ring.ConsumeBatches(4, most: 3);
                ring.Consume(1);
            }, slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_EightSlotsWrap_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            PairedRing<ModelAtomics>.Scenario(10, ring => ring.Produce(5), ring => ring.Consume(10), slots: 8, before: static ring => ring.Produce(5)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_PartOfABatchPublished_RestIsNotSeen(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            PairedRing<ModelAtomics>.Scenario(6, ring =>
            {
                ring.ProduceBatch(4, 2);
                ring.ProduceBatch(2, 1);
                ring.ProduceBatch(1, 1);
                ring.ProduceBatch(3, 2);
            }, ring => ring.ConsumeBatches(6, most: 4), slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ReleasedOutOfOrder_NothingIsOverwritten(MemoryModel model) =>
        Exploration.Explore(output, model, 3,
            PairedRing<ModelAtomics>.Scenario(4, ring =>
            {
                ring.ProduceBatch(2, 2);
                ring.Produce(2);
            }, ring => ring.ConsumeAndReleaseEarly(2)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_AbortedClaims_AreRefusedAndNotSeen(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            PairedRing<ModelAtomics>.Scenario(4, ring =>
            {
                ring.ProduceAfterAbort();
                ring.ProduceAfterAbort(2);
                ring.Produce(1);
                ring.ProduceAfterAbort();
            }, ring => ring.Consume(4), slots: 4, capacity: 2));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_AskedByAnother_ShowsWhatWaits(MemoryModel model) =>
        Exploration.Explore(output, model, 3, Asked<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_TakenBackAndAskedByAnother_ShowsWhatWaits(MemoryModel model) =>
        Exploration.Explore(output, model, 3,
            PairedRing<ModelAtomics>.Scenario(3, ring => ring.Produce(1), ring => ring.ConsumeAfterUntake(), slots: 4,
                before: static ring => ring.ProduceBatch(2, 2), ask: static ring => ring.AskWhileOneWaits()));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_CountedByAnother_NeverGoesBack(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            PairedRing<ModelAtomics>.Scenario(5, ring =>
            {
                ring.Produce(1);
                ring.ProduceBatch(2, 2);
                ring.ProduceAfterAbort();
            }, ring => ring.Consume(5), slots: 8, before: static ring => ring.Produce(1), ask: static ring => ring.AskAll(5)));

    // While traffic is thin the position is stored with every message, and the slots' words are not looked at.
    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_PaceChanges_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2, PairedRing<ModelAtomics>.Scenario(8, ChangePace, ring => ring.Consume(8), slots: 8));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_PaceChangesAndCountedByAnother_NeverGoesBack(MemoryModel model) =>
        Exploration.Explore(output, model, 2, PairedRing<ModelAtomics>.Scenario(8, ChangePace, ring => ring.Consume(8), slots: 8, ask: static ring => ring.AskAll(8)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ThinTrafficWraps_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            PairedRing<ModelAtomics>.Scenario(3, ring => ring.Produce(3), ring => ring.Consume(3), before: static ring => ring.Pace(thick: false)));

    private static void ChangePace<TAtomics>(PairedRing<TAtomics> ring) where TAtomics : struct, IAtomics
    {
        ring.Pace(thick: false);
        ring.Produce(1);
        ring.ProduceAfterAbort();
        ring.Pace(thick: true);
        ring.Produce(3);
        ring.Pace(thick: false);
        ring.ProduceBatch(3, 2);
        ring.Produce(1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_PublishWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<RingWordWithoutRelease>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RunWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, PairedRing<Mutant<RingWordWithoutRelease>>.Scenario(2, ring => ring.ProduceBatch(2, 2), ring => ring.ConsumeBatches(2)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_TakeWithoutAcquire_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<RingWordWithoutAcquire>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ReleaseWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<GatingWithoutRelease>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RoomWithoutAcquire_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<GatingWithoutAcquire>>());

    // Stores leave in order on x86: it shows under the weak model alone.
    [Fact]
    public void Paired_TakenWithoutRelease_HidesTheRestOfARun() =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, MemoryModel.Weak, 3, Asked<Mutant<TakenWithoutRelease>>()).Kind);

    private static void ProduceRuns<TAtomics>(PairedRing<TAtomics> ring) where TAtomics : struct, IAtomics
    {
        ring.ProduceBatch(2, 2);
        ring.ProduceBatch(2, 2);
    }

    private static void ProduceMixed<TAtomics>(PairedRing<TAtomics> ring) where TAtomics : struct, IAtomics
    {
        ring.Produce(1);
        ring.ProduceBatch(2, 2);
        ring.Produce(2);
        ring.ProduceBatch(2, 2);
    }

    private void AssertRace(MemoryModel model, IScenario scenario) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, null, scenario).Kind);

    private static IScenario Wrapping<TAtomics>() where TAtomics : struct, IAtomics =>
        PairedRing<TAtomics>.Scenario(3, ring => ring.Produce(3), ring => ring.Consume(3));

    // Of a run of two, published before, one is taken: the other waits.
    private static IScenario Asked<TAtomics>() where TAtomics : struct, IAtomics =>
        PairedRing<TAtomics>.Scenario(3, ring => ring.Produce(1), ring => ring.Consume(1), slots: 4,
            before: static ring => ring.ProduceBatch(2, 2), ask: static ring => ring.AskWhileOneWaits());
}
