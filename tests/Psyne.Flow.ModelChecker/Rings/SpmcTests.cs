using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>SingleProducer, CompetingRoom and two CompetingConsumers.</summary>
public class SpmcTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Spmc_RingWraps_EachMessageGoesToOne(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Competing<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spmc_RunsReleasedLastFirst_NothingIsOverwritten(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Runs<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Spmc_PublishWithoutRelease_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 2, Competing<Mutant<RingWordWithoutRelease>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Spmc_TakeWithoutAcquire_IsARace(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 2, Competing<Mutant<RingWordWithoutAcquire>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Spmc_TakeWithoutCompareExchange_DeliversTwice(MemoryModel model) =>
        Exploration.Find(output, model, 2, Competing<Mutant<HeadWithoutAtomicity>>());

    private static Scenario<CompetingRing<TAtomics>> Competing<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new CompetingRing<TAtomics>(memory, slots: 2, capacity: 2, 4),
        [ring => ring.ProduceAlone(), ring => ring.Consume(0), ring => ring.Consume(1)],
        ring => ring.Check());

    private static Scenario<CompetingRing<TAtomics>> Runs<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new CompetingRing<TAtomics>(memory, slots: 2, capacity: 2, 4),
        [ring => ring.ProduceAlone(), ring => ring.ConsumeBatches(0), ring => ring.ConsumeBatches(1)],
        ring => ring.Check());
}
