using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>Two MultiProducers and a SequentialConsumer.</summary>
public class MpscTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_RoomGrantedAtTheClaim_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Ring<ModelAtomics>(slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_NoSlackForClaims_PublishWaits(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Ring<ModelAtomics>(slots: 2));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_Batches_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, 2, MpscRing<ModelAtomics>.Scenario(4, 2, [4, 2],
            ring => ring.ProduceBatches(0), ring => ring.ProduceBatches(1), ring => ring.ConsumeBatches()));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_PublishWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Ring<Mutant<RingWordWithoutRelease>>(slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_TakeWithoutAcquire_IsARace(MemoryModel model) =>
        AssertRace(model, Ring<Mutant<RingWordWithoutAcquire>>(slots: 4));

    [Theory]
    [MemberData(nameof(Models))]
    public void Mpsc_ReleaseWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Ring<Mutant<GatingWithoutRelease>>(slots: 4));

    private void AssertRace(MemoryModel model, IScenario scenario) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 2, scenario).Kind);

    private static IScenario Ring<TAtomics>(int slots) where TAtomics : struct, IAtomics =>
        MpscRing<TAtomics>.Scenario(slots, 2, [3, 2], ring => ring.Produce(0), ring => ring.Produce(1), ring => ring.Consume());
}
