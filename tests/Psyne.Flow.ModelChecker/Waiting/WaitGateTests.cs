using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>WaitGate, in both directions: consumers park for messages, producers for room. No wake-up is lost.</summary>
public class WaitGateTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_ConsumerAndProducerPark_BothAreWoken(MemoryModel model) =>
        Exploration.Explore(output, model, 3, Pair<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_Timeouts_NothingIsLost(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Pair<ModelAtomics>(timeout: true));

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_TwoConsumersPark_CloseWakesBoth(MemoryModel model) =>
        Exploration.Explore(output, model, 2, new Scenario<PooledChannel<ModelAtomics>>(
            memory => new PooledChannel<ModelAtomics>(memory, slots: 1, consumers: 2),
            [
                channel => channel.Consume(0),
                channel => channel.Consume(1),
                channel =>
                {
                    channel.Produce(0, 1);
                    channel.Close();
                },
            ],
            channel => channel.CheckFinished()));

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_TwoProducersParkForOneSlot_BothAreWoken(MemoryModel model) =>
        Exploration.Explore(output, model, 2, OneSlot<ModelAtomics>(untold: false));

    // Found in PooledWriter.Publish: when the consumer releases first, it is the claim's own share that frees the slot.
    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_ClaimFreesTheSlotUntold_LosesAWakeUp(MemoryModel model) =>
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 2, OneSlot<ModelAtomics>(untold: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_WithoutBarrier_LosesAWakeUp(MemoryModel model) =>
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 3, Pair<Mutant<NoBarrier>>()).Kind);

    // Who was woken for nothing announces itself again by a fence of its own, not by the process-wide barrier. On x86 the
    // compare-and-swap that frees the slot is that fence for the other side.
    [Fact]
    public void WaitGate_WithoutFence_LosesAWakeUp() =>
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, MemoryModel.Weak, 3, OneSlot<Mutant<NoFence>>(untold: false)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void WaitGate_WithoutWake_LosesAWakeUp(MemoryModel model) =>
        Assert.Equal(FailureKind.Deadlock, Exploration.Find(output, model, 3, Pair<Mutant<NoWake>>()).Kind);

    // A claimer that stops for ever, at any step of the claim: all other messages still get through.
    [Theory]
    [MemberData(nameof(Models))]
    public void StagedClaim_ItsThreadStopsForEver_BlocksNobody(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        Exploration.Explore(output, model, 2, new Scenario<StagedChannel<ModelAtomics>>(
            memory => new StagedChannel<ModelAtomics>(memory, consumer),
            [channel => channel.ClaimAndStop(0), channel => channel.Produce(1, 2), channel => channel.Consume(0, 2)],
            channel => channel.CheckDelivered()), crashThread: 0);
    }

    // Inside Publish, between the position and the word, it blocks: within one process threads don't die there.
    [Theory]
    [MemberData(nameof(Models))]
    public void MultiProducer_ThreadDiesInsidePublish_BlocksThoseBehind(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        var failure = Model.Find(
            new ModelOptions { Model = model, CrashThread = 0, Deviations = 2 },
            new Scenario<StagedChannel<ModelAtomics>>(
                memory => new StagedChannel<ModelAtomics>(memory, consumer),
                [channel => channel.PublishToRing(), channel => channel.Produce(1, 1), channel => channel.Consume(0, 1)]));

        Assert.Equal(FailureKind.Deadlock, failure?.Kind);
        output.WriteLine($"{model}: a known limit: {failure!.Reason}");
    }

    private static Scenario<TicketChannel<TAtomics>> Pair<TAtomics>(bool timeout = false) where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new TicketChannel<TAtomics>(memory, consumer, capacity: 1) { WaitsWithTimeout = timeout },
            [channel => channel.Produce(0, 2), channel => channel.Consume(0, 2)],
            channel => channel.CheckDelivered());
    }

    private static Scenario<PooledChannel<TAtomics>> OneSlot<TAtomics>(bool untold) where TAtomics : struct, IAtomics => new(
        memory => new PooledChannel<TAtomics>(memory, slots: 1) { ClaimEndsUntold = untold },
        [channel => channel.Produce(0, 1), channel => channel.Produce(1, 1), channel => channel.Consume(0, 2)],
        channel => channel.CheckDelivered());
}
