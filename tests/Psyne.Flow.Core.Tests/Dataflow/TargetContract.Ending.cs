using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

public abstract partial class TargetContract<T>
{
    [Theory, Trait("rule", "C11")]
    [InlineData(Ending.Complete)]
    [InlineData(Ending.Fault)]
    [InlineData(Ending.Cancel)]
    public async Task Offer_AfterTheEnd_IsDeclinedForEver(Ending ending)
    {
        ITargetUnderTest<T> block = Open();
        ProbeSource<T> source = NewSource();

        End(block, ending);
        Assert.Equal(DecliningPermanently, source.Offer(block.Target, 1));
        Assert.Equal(DecliningPermanently, source.Offer(block.Target, 2, consumeToAccept: true));
        await Drain(block.Target.Completion);
        Assert.Equal(DecliningPermanently, source.Offer(block.Target, 3));
        Assert.Equal(DecliningPermanently, source.Offer(block.Target, 4, consumeToAccept: true));

        Assert.Empty(source.Calls);
        Assert.Empty(block.Seen);
        Assert.Equal(
            ending switch { Ending.Complete => TaskStatus.RanToCompletion, Ending.Fault => TaskStatus.Faulted, _ => TaskStatus.Canceled },
            block.Target.Completion.Status);
    }

    [Fact, Trait("rule", "C11"), Trait("rule", "C36")]
    public async Task Offer_FullAndCompleted_IsDeclinedForEver()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> source = NewSource();
        Assert.True(Post(block.Target, 1));

        block.Target.Complete();
        Assert.Equal(DecliningPermanently, source.Offer(block.Target, 2));

        await Drain(block.Target.Completion);
        Assert.Equal([1], block.Seen);
        Assert.Empty(source.Calls);
    }

    [Theory, Trait("rule", "C15")]
    [InlineData(Ending.Complete)]
    [InlineData(Ending.Fault)]
    [InlineData(Ending.Cancel)]
    public async Task SendAsync_PendingWhenTheBlockEnds_IsFalse(Ending ending)
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(await Send(block.Target, 1));
        Task<bool> pending = Send(block.Target, 2);
        Assert.False(pending.IsCompleted);
        if (ending != Ending.Complete)
            Drops(block, 1);

        End(block, ending);

        if (ending == Ending.Complete)
            await Drain(Task.WhenAll(pending, Swallow(block.Target.Completion)));
        else
            await RunUntil(Task.WhenAll(pending, Swallow(block.Target.Completion)));
        Assert.False(await pending);
        Assert.Equal(ending == Ending.Complete ? [1] : [], block.Seen);
    }

    [Theory, Trait("rule", "C11")]
    [InlineData(Ending.Complete)]
    [InlineData(Ending.Fault)]
    [InlineData(Ending.Cancel)]
    public async Task PostAndSendAsync_AfterTheEnd_AreFalse(Ending ending)
    {
        ITargetUnderTest<T> block = Open();
        End(block, ending);

        Assert.False(Post(block.Target, 1));
        Assert.False(await Send(block.Target, 2));
        await Drain(block.Target.Completion);
        Assert.False(Post(block.Target, 3));
        Assert.False(await Send(block.Target, 4));
        Assert.Empty(block.Seen);
    }

    [Fact, Trait("rule", "C42")]
    public async Task PostAndSendAsync_WithACancelledToken_AreFalse()
    {
        await _cancellation.CancelAsync();
        ITargetUnderTest<T> block = Open();

        Assert.False(Post(block.Target, 1));
        Assert.False(await Send(block.Target, 2));
        await Drain(block.Target.Completion);
        Assert.True(block.Target.Completion.IsCanceled);
    }

    [Fact, Trait("rule", "C36")]
    public async Task Complete_OnAFullBlock_NeverBlocks()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(Post(block.Target, 1));
        Task<bool> pending = Send(block.Target, 2);

        // Nothing of the block's runs before Complete returns: had it to wait for work, it would never return.
        block.Target.Complete();

        await Drain(Task.WhenAll(pending, block.Target.Completion));
        Assert.False(await pending);
        Assert.Equal([1], block.Seen);
    }
}
