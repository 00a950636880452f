using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>SingleProducer and SequentialConsumer: their own source, on a ring of two slots, so that it wraps.</summary>
public class SpscTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_RingWraps_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null, Wrapping<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_CapacityOfOne_DeliversAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            SpscRing<ModelAtomics>.Scenario(3, ring => ring.Produce(3), ring => ring.Consume(3), capacity: 1));

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_Batches_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            SpscRing<ModelAtomics>.Scenario(4, ring => ring.ProduceBatches(2, 2), ring => ring.ConsumeBatches(4)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_SinglesTakenInBatches_DeliverAllInOrder(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            SpscRing<ModelAtomics>.Scenario(4, ring => ring.Produce(4), ring => ring.ConsumeBatches(4)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_ReleasedOutOfOrder_NothingIsOverwritten(MemoryModel model) =>
        Exploration.Explore(output, model, null,
            SpscRing<ModelAtomics>.Scenario(4, ring => ring.Produce(4), ring => ring.ConsumeAndReleaseEarly(2)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_PublishWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<RingWordWithoutRelease>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_TakeWithoutAcquire_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<RingWordWithoutAcquire>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_ReleaseWithoutRelease_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<GatingWithoutRelease>>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spsc_RoomWithoutAcquire_IsARace(MemoryModel model) =>
        AssertRace(model, Wrapping<Mutant<GatingWithoutAcquire>>());

    private void AssertRace(MemoryModel model, IScenario scenario) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, null, scenario).Kind);

    private static IScenario Wrapping<TAtomics>() where TAtomics : struct, IAtomics =>
        SpscRing<TAtomics>.Scenario(4, ring => ring.Produce(4), ring => ring.Consume(4));
}
