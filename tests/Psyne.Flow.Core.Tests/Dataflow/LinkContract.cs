using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What comes of linking: every source of the registry with every target of it.</summary>
public abstract class LinkContract<T, TRegistry>() : DataflowFixture<T>(TRegistry.NewMessages) where TRegistry : IBlockRegistry<T>
{
    private const int Many = 40;

    private static readonly DataflowLinkOptions Propagate = new() { PropagateCompletion = true };

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (string source in TRegistry.Sources.Keys)
        {
            foreach (string target in TRegistry.Targets.Keys)
                pairs.Add(source, target);
        }
        return pairs;
    }

    public static TheoryData<string, string, int> BoundedPairs()
    {
        var pairs = new TheoryData<string, string, int>();
        foreach (string source in TRegistry.Sources.Keys)
        {
            foreach (string target in TRegistry.Targets.Keys)
            {
                foreach (int bound in new[] { DataflowBlockOptions.Unbounded, 1, 3 })
                    pairs.Add(source, target, bound);
            }
        }
        return pairs;
    }

    public static TheoryData<string, string> Circles()
    {
        var pairs = new TheoryData<string, string>();
        foreach (string one in TRegistry.Sources.Keys)
        {
            foreach (string other in TRegistry.Sources.Keys)
                pairs.Add(one, other);
        }
        return pairs;
    }

    public static TheoryData<string> SourceNames() => [.. TRegistry.Sources.Keys];

    private ISourceUnderTest<T> Source(string name, ExecutionDataflowBlockOptions? options = null) =>
        Track(TRegistry.Sources[name](Messages, options ?? Options()));

    private ITargetUnderTest<T> Target(string name, ExecutionDataflowBlockOptions? options = null) =>
        Track(TRegistry.Targets[name](Messages, options ?? Options()));

    // A source that is drained by nobody but its links.
    private ISourceUnderTest<T> Untouched(string name, ExecutionDataflowBlockOptions? options = null) =>
        TRegistry.Sources[name](Messages, options ?? Options());

    private static ITargetBlock<T> AsTarget(ISourceUnderTest<T> block)
    {
        Assert.SkipUnless(block is ITargetUnderTest<T>, "a circle needs blocks that take what they give");
        return ((ITargetUnderTest<T>)block).Target;
    }

    [Theory, MemberData(nameof(BoundedPairs)), Trait("rule", "C32"), Trait("rule", "C40")]
    public async Task Chain_Fed_DeliversAllInOrderAndEnds(string from, string to, int bound)
    {
        ISourceUnderTest<T> source = Untouched(from);
        ITargetUnderTest<T> target = Target(to, Options(bound));
        source.Source.LinkTo(target.Target, Propagate);

        for (int i = 1; i <= Many; i++)
            Assert.True(source.Feed(i));
        source.Block.Complete();
        await Drain(target.Block.Completion);

        Assert.Equal(Enumerable.Range(1, Many), target.Seen);
        Assert.Equal(TaskStatus.RanToCompletion, target.Block.Completion.Status);
        Assert.Equal(TaskStatus.RanToCompletion, source.Block.Completion.Status);
    }

    [Theory, MemberData(nameof(BoundedPairs)), Trait("rule", "C32"), Trait("rule", "C24")]
    public async Task Chain_OnThePool_DeliversAllInOrder(string from, string to, int bound)
    {
        ISourceUnderTest<T> source = Untouched(from, new());
        ITargetUnderTest<T> target = Target(to, new() { BoundedCapacity = bound });
        source.Source.LinkTo(target.Target, Propagate);

        for (int i = 1; i <= Many; i++)
            Assert.True(source.Feed(i));
        source.Block.Complete();
        await Hang.Start(() => Hang.Until(() =>
        {
            target.TakeOut();
            return target.Seen.Count >= Many;
        }));

        Assert.Equal(Enumerable.Range(1, Many), target.Seen);
        await target.Block.Completion.Guard();
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "C12"), Trait("rule", "SendAsync")]
    public async Task Chain_BothEndsFull_PassesBackThePressure(string from, string to)
    {
        ISourceUnderTest<T> source = Untouched(from, Options(boundedCapacity: 1));
        ITargetBlock<T> head = AsTarget(source);
        ITargetUnderTest<T> target = Target(to, Options(boundedCapacity: 1));
        source.Source.LinkTo(target.Target, Propagate);
        Task<bool>[] sent = [.. Enumerable.Range(1, 10).Select(i => Send(head, i))];
        Assert.Contains(sent, send => !send.IsCompleted);

        await Drain(Task.WhenAll(sent));
        source.Block.Complete();
        await Drain(target.Block.Completion);

        Assert.All(sent, send => Assert.True(send.Result));
        Assert.Equal(Enumerable.Range(1, 10), target.Seen);
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "C12"), Trait("rule", "C14")]
    public async Task Sources_TwoIntoOneOnThePool_LoseNothingAndKeepTheirOrder(string from, string to)
    {
        ISourceUnderTest<T> odd = Untouched(from, new()), even = Untouched(from, new());
        ITargetUnderTest<T> target = Target(to, new() { BoundedCapacity = 2 });
        odd.Source.LinkTo(target.Target);
        even.Source.LinkTo(target.Target);

        Task feeding = Task.WhenAll(Hang.Start(() => FeedEach(odd, 1)), Hang.Start(() => FeedEach(even, 2)));
        await Hang.Start(() => Hang.Until(() =>
        {
            target.TakeOut();
            return target.Seen.Count >= 2 * Many;
        }));
        await feeding.Guard();

        Assert.Equal(Enumerable.Range(1, 2 * Many), target.Seen.Order());
        Assert.Equal(Enumerable.Range(0, Many).Select(i => 1 + 2 * i), target.Seen.Where(i => i % 2 != 0));
        Assert.Equal(Enumerable.Range(0, Many).Select(i => 2 + 2 * i), target.Seen.Where(i => i % 2 == 0));
    }

    private static void FeedEach(ISourceUnderTest<T> source, int first)
    {
        for (int i = 0; i < Many; i++)
            Assert.True(source.Feed(first + 2 * i));
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "LinkTo")]
    public async Task Predicates_Matching_ShareTheMessages(string from, string to)
    {
        ISourceUnderTest<T> source = Untouched(from);
        ITargetUnderTest<T> even = Target(to, Options(boundedCapacity: 2)), odd = Target(to, Options(boundedCapacity: 2));
        source.Source.LinkTo(even.Target, Propagate, message => Messages.Read(message) % 2 == 0);
        source.Source.LinkTo(odd.Target, Propagate, message => Messages.Read(message) % 2 != 0);

        for (int i = 1; i <= Many; i++)
            Assert.True(source.Feed(i));
        source.Block.Complete();
        await Drain(Task.WhenAll(even.Block.Completion, odd.Block.Completion));

        Assert.Equal(Enumerable.Range(1, Many).Where(i => i % 2 == 0), even.Seen);
        Assert.Equal(Enumerable.Range(1, Many).Where(i => i % 2 != 0), odd.Seen);
    }

    [Theory, MemberData(nameof(BoundedPairs)), Trait("rule", "C27")]
    public async Task MaxMessages_Reached_LeavesTheRestToTheNext(string from, string to, int bound)
    {
        ISourceUnderTest<T> source = Untouched(from);
        ITargetUnderTest<T> few = Target(to, Options(bound)), rest = Target(to, Options(bound));
        source.Source.LinkTo(few.Target, new DataflowLinkOptions { MaxMessages = 3 });
        source.Source.LinkTo(rest.Target, Propagate);

        for (int i = 1; i <= 20; i++)
            Assert.True(source.Feed(i));
        source.Block.Complete();
        await Drain(rest.Block.Completion);
        Drain();

        Assert.Equal(3, few.Seen.Count);
        Assert.Equal(Enumerable.Range(1, 20), few.Seen.Concat(rest.Seen).Order());
        Assert.Equal(few.Seen.Order(), few.Seen);
        Assert.Equal(rest.Seen.Order(), rest.Seen);
        Assert.False(few.Block.Completion.IsCompleted);
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "C25")]
    public void AppendFalse_TakesTheFirstMessage(string from, string to)
    {
        ISourceUnderTest<T> source = Source(from);
        ITargetUnderTest<T> usual = Target(to), before = Target(to);
        source.Source.LinkTo(usual.Target);
        source.Source.LinkTo(before.Target, new DataflowLinkOptions { Append = false, MaxMessages = 1 });

        for (int i = 1; i <= 3; i++)
            Assert.True(source.Feed(i));
        Drain();

        Assert.Equal([1], before.Seen);
        Assert.Equal([2, 3], usual.Seen);
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "C40")]
    public async Task Fault_Propagated_ReachesTheTarget(string from, string to)
    {
        ISourceUnderTest<T> source = Source(from);
        ITargetUnderTest<T> target = Target(to);
        source.Source.LinkTo(target.Target, Propagate);
        var error = new InvalidOperationException("on purpose");

        source.Block.Fault(error);
        await Drain(target.Block.Completion);

        Assert.Contains(error, target.Block.Completion.Exception!.Flatten().InnerExceptions);
    }

    [Theory, MemberData(nameof(Pairs)), Trait("rule", "C26")]
    public async Task Target_Completed_LeavesTheMessagesToOthers(string from, string to)
    {
        ISourceUnderTest<T> source = Source(from);
        ITargetUnderTest<T> gone = Target(to, Options(boundedCapacity: 1)), other = Target(to);
        source.Source.LinkTo(gone.Target);
        Assert.True(source.Feed(1));
        Assert.True(source.Feed(2));
        Pump.Run();

        gone.Target.Complete();
        await Drain(gone.Block.Completion);
        source.Source.LinkTo(other.Target);
        Drain();

        Assert.Equal([1, 2], gone.Seen.Concat(other.Seen).Concat(source.Seen).Order());
    }

    [Theory, MemberData(nameof(Circles)), Trait("rule", "C32")]
    public async Task Circle_Bounded_NeitherLosesNorHangs(string one, string other)
    {
        const int Rounds = 25;
        ISourceUnderTest<T> first = Untouched(one, Options(boundedCapacity: 3)), second = Untouched(other, Options(boundedCapacity: 3));
        ITargetBlock<T> back = AsTarget(first);
        ProbeTarget<T> sink = NewTarget();
        int passes = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.OnOffer = _ =>
        {
            if (sink.Received.Count == 3)
                all.TrySetResult();
            return null;
        };
        first.Source.LinkTo(AsTarget(second));
        second.Source.LinkTo(back, _ => ++passes <= Rounds);
        second.Source.LinkTo(sink);

        for (int i = 1; i <= 4; i++)
        {
            Task<bool> sent = Send(back, i);
            await RunUntil(sent);
            Assert.True(await sent);
        }
        await RunUntil(all.Task);

        Assert.Equal([1, 2, 3, 4], sink.Received.Order());
    }

    [Theory, MemberData(nameof(Circles)), Trait("rule", "Encapsulate")]
    public async Task Encapsulate_TwoLinked_IsOneBlock(string one, string other)
    {
        ISourceUnderTest<T> first = Untouched(one), second = Untouched(other);
        ITargetBlock<T> head = AsTarget(first);
        first.Source.LinkTo(AsTarget(second), Propagate);
        IPropagatorBlock<T, T> both = DataflowBlock.Encapsulate(head, second.Source);
        ProbeTarget<T> sink = NewTarget();
        both.LinkTo(sink, Propagate);

        for (int i = 1; i <= 5; i++)
            Assert.True(Post(both, i));
        both.Complete();
        await RunUntil(sink.Completion);

        Assert.Equal([1, 2, 3, 4, 5], sink.Received);
        await both.Completion.Guard();
    }

    private async Task Comeback()
    {
        do
        {
            Pump.Run();
            Messages.Reclaim();
            await Task.Yield();
        }
        while (Messages.Live > 0);
    }

    [Theory, MemberData(nameof(SourceNames)), Trait("rule", "P2")]
    public async Task Dropped_ByStockBlocks_ComesBack(string from)
    {
        const int Slices = 20, Slice = 5000;
        Assert.SkipUnless(Messages.ReclaimsDropped, "nobody gives back what a stock block drops");
        ISourceUnderTest<T> source = Untouched(from);
        Assert.SkipUnless(source.FreesWhatItDrops, "a lease that no block of ours gave away has no ticket");
        source.Source.LinkTo(DataflowBlock.NullTarget<T>());

        for (int i = 0; i < Slices; i++)
        {
            for (int j = 0; j < Slice; j++)
                Assert.True(source.Feed(j));
            // The block may wait for slots that come back only now.
            await Comeback().Guard();
        }
        source.Block.Complete();
        await RunUntil(source.Block.Completion);

        Messages.Reclaim();
        Assert.Equal(0, Messages.Live);
    }
}
