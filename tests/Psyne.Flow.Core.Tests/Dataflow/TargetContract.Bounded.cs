using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

public abstract partial class TargetContract<T>
{
    [Fact, Trait("rule", "C10")]
    public void Offer_FullAndWithoutSource_IsDeclined()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(Post(block.Target, 1));
        T message = Messages.Make(2);

        Assert.Equal(Declined, block.Target.OfferMessage(new DataflowMessageHeader(1), message, null, consumeToAccept: false));
        Messages.Free(message);
        Assert.False(Post(block.Target, 3));

        Drain();
        Assert.Equal([1], block.Seen);
        Assert.True(Post(block.Target, 4));
    }

    [Theory, Trait("rule", "C12")]
    [InlineData(false)]
    [InlineData(true)]
    public void Offer_Full_IsPostponedAndConsumedWhenThereIsRoom(bool consumeToAccept)
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 2);
        ProbeSource<T> source = NewSource();
        Assert.True(Post(block.Target, 1));
        Assert.True(Post(block.Target, 2));

        Assert.Equal(Postponed, source.Offer(block.Target, 3, consumeToAccept, id: 30));
        Assert.Empty(source.Calls);

        Drain();
        Assert.Equal([1, 2, 3], block.Seen);
        Assert.Equal("Consume 30", source.Log);
        Assert.Same(block.Target, source.Calls[0].Target);
    }

    [Fact, Trait("rule", "C12")]
    public void Offer_PostponedTwiceBySameSource_ConsumesTheLatest()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> source = NewSource();
        Assert.True(Post(block.Target, 1));

        Assert.Equal(Postponed, source.Offer(block.Target, 2));
        Assert.Equal(Postponed, source.Offer(block.Target, 3));

        Drain();
        Assert.Equal("Consume 2", source.Log);
        Assert.Equal([1, 3], block.Seen);
    }

    [Fact, Trait("rule", "C12")]
    public void Offer_WhileOthersArePostponed_WaitsItsTurn()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 2);
        ProbeSource<T> first = NewSource(), second = NewSource(), third = NewSource();
        Assert.True(Post(block.Target, 1));
        Assert.True(Post(block.Target, 2));
        Assert.Equal(Postponed, first.Offer(block.Target, 3));
        Assert.Equal(Postponed, second.Offer(block.Target, 4));
        var inside = new List<DataflowMessageStatus>();
        first.OnCall = _ => inside.Add(third.Offer(block.Target, 5));

        Drain();

        // A transfer is under way and another source was there before: taken at once, 5 would be before 3 or 4.
        Assert.Equal([Postponed], inside);
        Assert.Equal([1, 2, 3, 4, 5], block.Seen);
        Assert.Equal("Consume 1", third.Log);
    }

    [Fact, Trait("rule", "C12")]
    public void Offer_InsideATransfer_WaitsItsTurn()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 3);
        ProbeSource<T> first = NewSource(), second = NewSource();
        for (int i = 1; i <= 3; i++)
            Assert.True(Post(block.Target, i));
        Assert.Equal(Postponed, first.Offer(block.Target, 4));
        var inside = new List<DataflowMessageStatus>();
        first.OnCall = _ => inside.Add(second.Offer(block.Target, 5));

        Drain();

        Assert.Equal([Postponed], inside);
        Assert.Equal([1, 2, 3, 4, 5], block.Seen);
    }

    [Fact, Trait("rule", "C12")]
    public void Offers_PostponedFromManySources_AreConsumedInTheirOrder()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(Post(block.Target, 1));
        ProbeSource<T>[] sources = [.. Enumerable.Range(0, 5).Select(_ => NewSource())];
        for (int i = 0; i < sources.Length; i++)
            Assert.Equal(Postponed, sources[i].Offer(block.Target, i + 2));

        Drain();

        Assert.Equal([1, 2, 3, 4, 5, 6], block.Seen);
    }

    [Theory, Trait("rule", "C12")]
    [InlineData(1)]
    [InlineData(3)]
    public void Offer_Bounded_AcceptsAsManyAsTheBound(int bound)
    {
        ITargetUnderTest<T> block = Open(bound);

        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < bound; i++)
                Assert.True(Post(block.Target, i));
            Assert.False(Post(block.Target, 100));
            Drain();
        }
        Assert.Equal(3 * bound, block.Seen.Count);
    }

    [Fact, Trait("rule", "C13")]
    public void Postponed_ConsumeFails_LeavesNothingBehind()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> fails = NewSource(), gives = NewSource();
        fails.Gives = false;
        Assert.True(Post(block.Target, 1));
        Assert.Equal(Postponed, fails.Offer(block.Target, 2));
        Assert.Equal(Postponed, gives.Offer(block.Target, 3));

        Drain();
        Assert.Equal([1, 3], block.Seen);
        Assert.Equal("Consume 1", fails.Log);

        // A count that was not undone leaves room for none, or for two.
        Assert.Equal(Accepted, gives.Offer(block.Target, 4));
        Assert.Equal(Postponed, gives.Offer(block.Target, 5));
        Drain();
        Assert.Equal([1, 3, 4, 5], block.Seen);
        Assert.Equal("Consume 1", fails.Log);
    }

    [Fact, Trait("rule", "C14")]
    public void Postponed_WhileConsumed_NoLockIsHeld()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> source = NewSource();
        Assert.True(Post(block.Target, 1));
        Assert.Equal(Postponed, source.Offer(block.Target, 2));
        int calls = 0;
        source.OnCall = _ => Elsewhere(() =>
        {
            calls++;
            Post(block.Target, 50);
            block.Target.ToString();
            block.Target.Complete();
        });

        Drain();

        Assert.Equal(1, calls);
        Assert.Equal([1, 2], block.Seen);
    }

    [Theory, Trait("rule", "C14"), Trait("rule", "C15")]
    [InlineData(Ending.Complete)]
    [InlineData(Ending.Fault)]
    [InlineData(Ending.Cancel)]
    public async Task Postponed_TheBlockEnds_FreesByReserveAndRelease(Ending ending)
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> reserves = NewSource(), refuses = NewSource();
        refuses.Reserves = false;
        Assert.True(Post(block.Target, 1));
        Assert.Equal(Postponed, reserves.Offer(block.Target, 2, id: 20));
        Assert.Equal(Postponed, refuses.Offer(block.Target, 3, id: 30));
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reserves.OnCall = call =>
        {
            Elsewhere(() => Post(block.Target, 50));
            if (call.Kind == SourceCallKind.Release)
                released.TrySetResult();
        };
        refuses.OnCall = _ => refused.TrySetResult();
        if (ending != Ending.Complete)
            Drops(block, 1);

        End(block, ending);

        if (ending == Ending.Complete)
            await Drain(Task.WhenAll(released.Task, refused.Task, Swallow(block.Target.Completion)));
        else
            await RunUntil(Task.WhenAll(released.Task, refused.Task, Swallow(block.Target.Completion)));
        Assert.Equal("Reserve 20, Release 20", reserves.Log);
        Assert.Equal("Reserve 30", refuses.Log);
        Assert.Equal(ending == Ending.Complete ? [1] : [], block.Seen);
    }

    private static async Task Swallow(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
