using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>The end of a channel whose one producer's claim stands in the slot's word: as <see cref="ClosingTests"/>.</summary>
public class PairedClosingTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Channel<ModelAtomics>(2, 1, static channel => channel.Produce(0, 2)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ClosedWhileFull_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Full<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_SharedLineClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            Channel<ModelAtomics>(8, 8, static channel =>
            {
                channel.TryProduceBatch(1);
                channel.TryProduceBatch(1);
            }, static channel => channel.Produce(0, 1)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_ThinTrafficClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            Channel<ModelAtomics>(8, 8, static channel => channel.Produce(0, 2), static channel => channel.Pace(thick: false)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_PaceChangesWhileClosed_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2,
            Channel<ModelAtomics>(8, 8, static channel =>
            {
                channel.TryProduceBatch(1);
                channel.Pace(thick: false);
                channel.TryProduceBatch(1);
            }));

    // Found in PairedProducer.Look: between a run's word and the position that is stored after it, no claim showed and no message.
    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RunClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 3,
            Channel<ModelAtomics>(4, 4, static channel => channel.TryProduceBatch(2)));

    // Found in PairedProducer.Look: a late claim on the slot a lap ahead hid what was published between.
    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_RunBeforeALateClaimALapAhead_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 3, LapAhead());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_AbortedUnderWay_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 3,
            Channel<ModelAtomics>(4, 4, static channel => channel.TryProduceBatch(2, aborts: true)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_AbortedAsTheLastIsTaken_Completes(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Aborted<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_LateClaimTellsNobody_NeverCompletes(MemoryModel model) =>
        Exploration.Find(output, model, 3, Channel<ModelAtomics>(2, 1, static channel => channel.TryProduce(0), tellsNobody: true));

    // On x86 it takes three looks at the word before the ticket leaves the core: more than the bound of two.
    [Fact]
    public void Paired_ConcludedBeforeTheBarrier_OverlooksAMessage() =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, MemoryModel.Weak, 3, Once<ModelAtomics>(early: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_CloseWithoutBarrier_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 2, Once<Mutant<NoBarrier>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void Paired_FinishWithoutFence_NeverCompletes(MemoryModel model) =>
        Exploration.Find(output, model, 4, Aborted<Mutant<NoFence>>());

    private static Scenario<PairedChannel<TAtomics>> Channel<TAtomics>(
        int slots, int capacity, Action<PairedChannel<TAtomics>> produce, Action<PairedChannel<TAtomics>>? before = null, bool tellsNobody = false)
        where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory =>
            {
                var channel = new PairedChannel<TAtomics>(memory, consumer, slots, capacity) { LateClaimTellsNobody = tellsNobody };
                before?.Invoke(channel);
                return channel;
            },
            [produce, channel => channel.Consume(0), channel => channel.Close()],
            channel => channel.CheckFinished());
    }

    private static Scenario<PairedChannel<TAtomics>> Full<TAtomics>() where TAtomics : struct, IAtomics =>
        Channel<TAtomics>(2, 1, static channel => channel.TryProduce(0), static channel => channel.Produce(0, 1));

    // The claim that ends and the message that is taken: one of the two sees both.
    private static Scenario<PairedChannel<TAtomics>> Aborted<TAtomics>() where TAtomics : struct, IAtomics =>
        Channel<TAtomics>(2, 2, static channel => channel.TryProduceBatch(1, aborts: true), static channel => channel.Produce(0, 1));

    // A claim that is on its way when the gate closes.
    private static Scenario<PairedChannel<TAtomics>> Once<TAtomics>(bool early = false) where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new PairedChannel<TAtomics>(memory, consumer, slots: 2, capacity: 1) { ConcludesEarly = early },
            [channel => channel.TryProduce(0), channel => channel.Close(), channel => channel.Consume(0)],
            channel => channel.CheckFinished());
    }

    // Four slots; position 4 is published and not stored, 5 to 7 are claimed, and 8 lies on the slot of 4.
    private static Scenario<PairedChannel<ModelAtomics>> LapAhead()
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        return new(
            memory =>
            {
                var channel = new PairedChannel<ModelAtomics>(memory, consumer, slots: 4, capacity: 4);
                for (var i = 0; i < 5; i++)
                {
                    channel.TryProduceBatch(1);
                    channel.Consume(0, i + 1);
                }

                return channel;
            },
            [
                channel =>
                {
                    channel.TryProduceBatch(3);
                    channel.TryProduceBatch(1);
                },
                channel => channel.Close(),
                channel => channel.Consume(0),
            ],
            channel => channel.CheckFinished());
    }
}
