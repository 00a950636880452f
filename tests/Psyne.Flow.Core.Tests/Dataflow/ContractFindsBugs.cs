using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Faults;
using Psyne.Flow.Tests.Dataflow.Stock;
using Xunit.Sdk;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The contract can fail: each rule here passes over a right block, and fails over the same block with one fault.</summary>
public sealed class ContractFindsBugs
{
    [Fact]
    public Task RepeatedIds_Offered_AreFound() => Source(o => new RepeatsIds(o), rules => Rule(rules.Offers_Accepted_HaveIdsFromOneUpInOrder));

    [Fact]
    public Task Acceptance_AfterTheEnd_IsFound() => Target(o => new AcceptsAfterTheEnd(o), rules => rules.Offer_AfterTheEnd_IsDeclinedForEver(Ending.Complete));

    [Fact]
    public Task Consumption_Untold_IsFound() =>
        Target(o => new ConsumesUntold(o), rules => Rule(() => rules.Offer_Accepted_IsTheTargetsWithoutAskingTheSource(withSource: true)));

    [Fact]
    public Task Consumption_Omitted_IsFound() => Target(o => new NeverConsumes(o), rules => Rule(rules.Offer_ConsumeToAccept_TakesWhatConsumeGives));

    [Fact]
    public Task Reservation_Forgotten_IsFound() => Source(o => new ForgetsReservations(o), rules => Rule(rules.Consume_Reserved_IsForItsHolderOnly));

    [Fact]
    public Task Reservation_Forgotten_IsFoundByTryReceive() => Source(o => new ForgetsReservations(o), rules => Rule(rules.Reserved_TryReceive_Fails));

    [Fact]
    public Task Postponement_Omitted_IsFound() =>
        Target(o => new NeverPostpones(o), rules => Rule(() => rules.Offer_Full_IsPostponedAndConsumedWhenThereIsRoom(consumeToAccept: false)));

    [Fact]
    public Task Message_GivenTwice_IsFound() => Source(o => new GivesTheSameTwice(o), rules => Rule(rules.Consume_AnotherId_Fails));

    [Fact]
    public Task Message_Lost_IsFound() => Target(o => new LosesMessages(o), rules => Rule(rules.Post_Unbounded_TakesAll));

    [Fact]
    public Task Link_NeverDisposed_IsFound() => Source(o => new NeverUnlinks(o), rules => Rule(rules.Link_Disposed_IsOfferedNothing));

    [Fact]
    public async Task Completion_Early_IsFound()
    {
        var right = new BlockRules(options => new DelegatingBlock(options));
        await right.Completion_WithMessagesInside_IsNotEarly();
        await right.DisposeAsync();

        var rules = new BlockRules(options => new EndsEarly(options));
        Found(await Record.ExceptionAsync(rules.Completion_WithMessagesInside_IsNotEarly));
    }

    /// <summary>A rule that does not look at the values still ends with the books: what was accepted has to come back.</summary>
    [Fact]
    public async Task Message_Lost_IsFoundByTheBooks()
    {
        await RunTarget(o => new DelegatingBlock(o), Bound);
        var rules = new TargetRules(o => new LosesMessages(o));
        await Bound(rules);

        await Assert.ThrowsAnyAsync<XunitException>(() => rules.DisposeAsync().AsTask());

        static Task Bound(TargetRules rules) => Rule(() => rules.Unread());
    }

    private static async Task Target(Func<ExecutionDataflowBlockOptions, DelegatingBlock> faulty, Func<TargetRules, Task> rule)
    {
        await RunTarget(options => new DelegatingBlock(options), rule);

        var rules = new TargetRules(faulty);
        Found(await Record.ExceptionAsync(() => rule(rules)));
    }

    private static async Task Source(Func<ExecutionDataflowBlockOptions, DelegatingBlock> faulty, Func<SourceRules, Task> rule)
    {
        var right = new SourceRules(options => new DelegatingBlock(options));
        await rule(right);
        await right.DisposeAsync();

        var rules = new SourceRules(faulty);
        Found(await Record.ExceptionAsync(() => rule(rules)));
    }

    private static async Task RunTarget(Func<ExecutionDataflowBlockOptions, DelegatingBlock> make, Func<TargetRules, Task> rule)
    {
        var rules = new TargetRules(make);
        await rule(rules);
        await rules.DisposeAsync();
    }

    // By an assertion of the rule, or by the books of the messages; not by some accident.
    private static void Found(Exception? error) => Assert.True(
        error is XunitException || error is InvalidOperationException { Message: var text } && text.Contains("freed", StringComparison.Ordinal),
        $"Not found: {error}");

    private static Task Rule(Action rule)
    {
        rule();
        return Task.CompletedTask;
    }

    private static StockPropagator<Parcel, Parcel> Adapt(Messages<Parcel> messages, DelegatingBlock block) => new()
    {
        Source = block,
        Targets = [block],
        Input = messages,
        Output = messages,
        Counts = () => block.Count,
    };

    private sealed class TargetRules(Func<ExecutionDataflowBlockOptions, DelegatingBlock> make)
        : TargetContract<Parcel>(() => new Parcels(), (messages, options) => Adapt(messages, make(options)))
    {
        private readonly Func<ExecutionDataflowBlockOptions, DelegatingBlock> _make = make;

        internal void Unread()
        {
            StockPropagator<Parcel, Parcel> block = Track(Adapt(Messages, _make(Options())));
            Assert.True(block.Feed(1));
            Assert.True(block.Feed(2));
        }
    }

    private sealed class BlockRules(Func<ExecutionDataflowBlockOptions, DelegatingBlock> make)
        : BlockContract<Parcel>(() => new Parcels(), (messages, options) => Adapt(messages, make(options)));

    private sealed class SourceRules(Func<ExecutionDataflowBlockOptions, DelegatingBlock> make)
        : SourceContract<Parcel>(() => new Parcels(), (messages, options) => Adapt(messages, make(options)));
}
