using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Waiting;

/// <summary>
/// One producer of pooled slots, whose claim turns into a lease before that is in the ring: closing overlooks nothing,
/// copies of a claim are told apart, and no wake-up is lost.
/// </summary>
public class InTurnTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_ClosedUnderWay_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Closing<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_ProducerAndConsumerPark_BothAreWoken(MemoryModel model)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        Exploration.Explore(output, model, 3, new Scenario<InTurnChannel<ModelAtomics>>(
            memory => new InTurnChannel<ModelAtomics>(memory, consumer, slots: 1, spread: 1),
            [channel => channel.Produce(0, 2), channel => channel.Consume(0, 2)],
            channel => channel.CheckDelivered()));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_CopiesPublishedByTwo_OneIsRefusedAndNothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Copies(aborts: false));

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_OneCopyPublishedAndOneAborted_NothingIsOverlooked(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Copies(aborts: true));

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_LeaseOnItsWayDoesNotShow_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, Closing<ModelAtomics>(unseen: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_MagazineAskedBeforeTheWords_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, Closing<ModelAtomics>(asksFirst: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_RefusedPublishTakesBack_OverlooksAMessage(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, 3, Copies(aborts: false, takesBack: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void InTurn_CloseWithoutBarrier_IsFound(MemoryModel model) =>
        Exploration.Find(output, model, 3, Closing<Mutant<NoBarrier>>());

    // On x86 stores keep their order, so there is nothing to find there.
    [Fact]
    public void InTurn_EndOfPublishWithoutRelease_OverlooksAMessage() =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, MemoryModel.Weak, 3, Closing<Mutant<MagazineWithoutRelease>>()).Kind);

    private static Scenario<InTurnChannel<TAtomics>> Closing<TAtomics>(bool unseen = false, bool asksFirst = false)
        where TAtomics : struct, IAtomics
    {
        var consumer = new Pinned<SequentialConsumer<long, TAtomics>>();
        return new(
            memory => new InTurnChannel<TAtomics>(memory, consumer, slots: 1, spread: 1) { PublishesUnseen = unseen, AsksTheMagazineFirst = asksFirst },
            [channel => channel.TryProduce(0), channel => channel.Close(), channel => channel.Consume(0)],
            channel => channel.CheckFinished());
    }

    private static Scenario<InTurnChannel<ModelAtomics>> Copies(bool aborts, bool takesBack = false)
    {
        var consumer = new Pinned<SequentialConsumer<long, ModelAtomics>>();
        return new(
            memory => new InTurnChannel<ModelAtomics>(memory, consumer, slots: 1, spread: 1) { RefusalTakesBack = takesBack }.WithClaim(),
            [
                channel => channel.PublishCopy(),
                channel =>
                {
                    if (aborts)
                    {
                        channel.AbortCopy();
                    }
                    else
                    {
                        channel.PublishCopy();
                    }
                },
                channel => channel.Close(),
                channel => channel.Consume(0),
            ],
            channel => channel.CheckFinished());
    }
}
