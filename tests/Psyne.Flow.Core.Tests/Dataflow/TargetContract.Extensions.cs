using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The extension methods of DataflowBlock that put messages in.</summary>
public abstract partial class TargetContract<T>
{
    [Fact, Trait("rule", "Post")]
    public void Post_Unbounded_TakesAll()
    {
        ITargetUnderTest<T> block = Open();

        for (int i = 1; i <= 100; i++)
            Assert.True(Post(block.Target, i));

        Drain();
        Assert.Equal(Enumerable.Range(1, 100), block.Seen);
    }

    [Fact, Trait("rule", "SendAsync")]
    public async Task SendAsync_WithRoom_IsTrueAtOnce()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);

        Task<bool> sent = Send(block.Target, 1);

        Assert.True(sent.IsCompletedSuccessfully);
        Assert.True(await sent);
        Drain();
        Assert.Equal([1], block.Seen);
    }

    [Fact, Trait("rule", "SendAsync")]
    public async Task SendAsync_Full_IsTrueWhenThereIsRoom()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(Post(block.Target, 1));
        Task<bool>[] pending = [.. Enumerable.Range(2, 5).Select(i => Send(block.Target, i))];
        Assert.All(pending, send => Assert.False(send.IsCompleted));

        await Drain(Task.WhenAll(pending));

        Assert.All(pending, send => Assert.True(send.Result));
        Drain();
        Assert.Equal([1, 2, 3, 4, 5, 6], block.Seen);
    }

    [Fact, Trait("rule", "SendAsync"), Trait("rule", "P2")]
    public async Task SendAsync_Cancelled_LeavesTheMessageWithTheSender()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        Assert.True(Post(block.Target, 1));
        using var source = new CancellationTokenSource();
        Task<bool> pending = Send(block.Target, 2, source.Token);
        Task<bool> other = Send(block.Target, 3);

        await source.CancelAsync();
        // The pump stands still and nothing is taken out, so there is no room meanwhile.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.Guard());

        await Drain(other);
        Drain();
        Assert.Equal([1, 3], block.Seen);
    }

    [Fact, Trait("rule", "SendAsync")]
    public async Task SendAsync_CancelledBefore_OffersNothing()
    {
        ITargetUnderTest<T> block = Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Send(block.Target, 1, new CancellationToken(canceled: true)));

        Drain();
        Assert.Empty(block.Seen);
    }

    [Fact, Trait("rule", "AsObserver")]
    public async Task AsObserver_ValuesAndCompletion_ReachTheBlock()
    {
        ITargetUnderTest<T> block = Open();
        IObserver<T> observer = block.Target.AsObserver();

        observer.OnNext(Messages.Make(1));
        observer.OnNext(Messages.Make(2));
        observer.OnCompleted();

        await Drain(block.Target.Completion);
        Assert.Equal(TaskStatus.RanToCompletion, block.Target.Completion.Status);
        Assert.Equal([1, 2], block.Seen);
    }

    [Fact, Trait("rule", "AsObserver")]
    public async Task AsObserver_Error_FaultsTheBlock()
    {
        ITargetUnderTest<T> block = Open();
        var error = new InvalidOperationException("on purpose");

        block.Target.AsObserver().OnError(error);

        await Drain(block.Target.Completion);
        Assert.Contains(error, block.Target.Completion.Exception!.Flatten().InnerExceptions);
    }
}
