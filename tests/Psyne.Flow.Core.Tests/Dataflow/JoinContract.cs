using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>A join of two inputs of one kind that takes nothing before it can take a whole pair (rule C23).</summary>
public abstract class JoinContract<T>(
    Func<Messages<T>> messages, Func<Messages<T>, GroupingDataflowBlockOptions, (IBlockUnderTest Join, ITargetBlock<T> First, ITargetBlock<T> Second)> open)
    : DataflowFixture<T>(messages)
{
    private const DataflowMessageStatus Postponed = DataflowMessageStatus.Postponed;

    private (IBlockUnderTest Join, ITargetBlock<T> First, ITargetBlock<T> Second) Open()
    {
        (IBlockUnderTest Join, ITargetBlock<T> First, ITargetBlock<T> Second) opened = open(Messages, new() { Greedy = false, TaskScheduler = Pump });
        Track(opened.Join);
        return opened;
    }

    [Fact, Trait("rule", "C23")]
    public void Pair_Incomplete_TakesNothing()
    {
        var (join, first, _) = Open();
        ProbeSource<T> source = NewSource();

        Assert.Equal(Postponed, source.Offer(first, 1));
        Drain();

        Assert.Empty(source.Calls);
        Assert.Empty(join.Seen);
        Assert.False(Post(first, 2));
    }

    [Fact, Trait("rule", "C23")]
    public void Pair_Complete_ReservesAllThenConsumesAll()
    {
        var (join, first, second) = Open();
        ProbeSource<T> one = NewSource(), two = NewSource();
        var order = new List<SourceCallKind>();
        one.OnCall = two.OnCall = call => order.Add(call.Kind);
        Assert.Equal(Postponed, one.Offer(first, 7, id: 10));
        Assert.Equal(Postponed, two.Offer(second, 7, id: 20));

        Drain();

        Assert.Equal("Reserve 10, Consume 10", one.Log);
        Assert.Equal("Reserve 20, Consume 20", two.Log);
        Assert.Equal([SourceCallKind.Reserve, SourceCallKind.Reserve, SourceCallKind.Consume, SourceCallKind.Consume], order);
        Assert.Equal([7], join.Seen);
    }

    [Theory, Trait("rule", "C23"), Trait("rule", "C22")]
    [InlineData(true)]
    [InlineData(false)]
    public void Pair_OneCannotBeReserved_ReleasesTheOther(bool firstRefuses)
    {
        var (join, first, second) = Open();
        ProbeSource<T> one = NewSource(), two = NewSource();
        (firstRefuses ? one : two).Reserves = false;
        ProbeSource<T> other = firstRefuses ? two : one;
        Assert.Equal(Postponed, one.Offer(first, 7));
        Assert.Equal(Postponed, two.Offer(second, 7));

        Drain();

        Assert.Empty(join.Seen);
        Assert.DoesNotContain(one.Calls.Concat(two.Calls), call => call.Kind == SourceCallKind.Consume);
        Assert.Equal(
            other.Calls.Count(call => call.Kind == SourceCallKind.Reserve),
            other.Calls.Count(call => call.Kind == SourceCallKind.Release));

        // The next offers make a pair all the same.
        (firstRefuses ? one : two).Reserves = true;
        Assert.Equal(Postponed, one.Offer(first, 8));
        Assert.Equal(Postponed, two.Offer(second, 8));
        Drain();
        Assert.Equal([8], join.Seen);
    }

    [Fact, Trait("rule", "C14")]
    public void Pair_WhileReservedAndConsumed_NoLockIsHeld()
    {
        var (join, first, second) = Open();
        ProbeSource<T> one = NewSource(), two = NewSource(), third = NewSource();
        one.OnCall = _ => Elsewhere(() => Assert.Equal(Postponed, third.Offer(second, 9)));
        Assert.Equal(Postponed, one.Offer(first, 7));
        Assert.Equal(Postponed, two.Offer(second, 7));

        Drain();

        Assert.Equal([7], join.Seen);
    }

    [Fact, Trait("rule", "C15")]
    public async Task Pair_TheJoinEnds_FreesWhatItPostponed()
    {
        var (join, first, _) = Open();
        ProbeSource<T> source = NewSource();
        Assert.Equal(Postponed, source.Offer(first, 1, id: 10));
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.OnCall = call =>
        {
            if (call.Kind == SourceCallKind.Release)
                released.TrySetResult();
        };

        join.Block.Complete();
        await Drain(Task.WhenAll(released.Task, join.Block.Completion));

        Assert.Equal("Reserve 10, Release 10", source.Log);
        Assert.Equal(DataflowMessageStatus.DecliningPermanently, source.Offer(first, 2));
    }
}
