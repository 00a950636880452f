namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(3);

    [Fact]
    public void TryTake_WithTimeoutOnEmpty_EndsEmpty()
    {
        using var channel = Open();
        Assert.Equal(TakeStatus.Empty, channel.Reader.TryTake(TimeSpan.Zero, out _));
        Assert.Equal(TakeStatus.Empty, channel.Reader.TryTake(Short, out var lease));
        Assert.False(lease.IsHeld);
        Assert.False(channel.Reader.End.WaitToTake(Short));
        channel.Writer.Write(3);
        Assert.True(channel.Reader.End.WaitToTake(Short));
        Assert.Equal(TakeStatus.Taken, channel.Reader.TryTake(Short, out lease));
        Assert.Equal(3, lease.Number);
        lease.Dispose();
    }

    [Fact]
    public void TryClaim_WithTimeoutOnFull_EndsFull()
    {
        using var channel = Open();
        Assert.True(channel.Writer.End.WaitToClaim(Short));
        Fill(channel);
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryWrite(9, TimeSpan.Zero));
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryWrite(9, Short));
        Assert.False(channel.Writer.End.WaitToClaim(Short));
        Assert.Equal(0, channel.Reader.Next());
        Assert.True(channel.Writer.End.WaitToClaim(Short));
        Assert.Equal(ClaimStatus.Claimed, channel.Writer.TryWrite(4, Short));
        Assert.Equal([1, 2, 3, 4], channel.Reader.Drain());
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(3e9)]
    public void Wait_TimeoutOutsideItsBounds_Throws(double milliseconds)
    {
        using var channel = Open();
        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Contains(timeout.ToString(), Assert.Throws<ArgumentOutOfRangeException>(() => channel.Reader.TryTake(timeout, out _)).Message);
        Assert.Contains(timeout.ToString(), Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.TryWrite(1, timeout)).Message);
        Traffic(channel);
    }

    [Fact]
    public async Task Take_WhileParked_IsWokenByEachMessage()
    {
        using var channel = Open(Options(4) with { Idle = IdleStrategy.Park });
        for (var i = 0; i < 5; i++)
        {
            var take = Hang.Start(channel.Reader.Next);
            Hang.UntilWaiting(channel.Core.Items);
            channel.Writer.Write(i);
            Assert.Equal(i, await take.Guard());
        }
        Assert.InRange(channel.Channel.Statistics.ConsumerWaits, 5, 10);
    }

    [Fact]
    public async Task Claim_WhileParked_IsWokenByEachRelease()
    {
        using var channel = Open(Options(2) with { Idle = IdleStrategy.Park });
        Assert.Equal(2, Fill(channel));
        for (var i = 2; i < 7; i++)
        {
            var write = Hang.Start(() => channel.Writer.Write(i));
            Hang.UntilWaiting(channel.Space);
            Assert.Equal(i - 2, channel.Reader.Next());
            await write.Guard();
        }
        Assert.Equal([5, 6], channel.Reader.Drain());
        Assert.InRange(channel.Channel.Statistics.ProducerWaits, 5, 20);
    }

    [Fact]
    public async Task Take_Cancelled_ThrowsAndLosesNothing()
    {
        using var channel = Open(Options(4) with { Idle = IdleStrategy.Park });
        Assert.ThrowsAny<OperationCanceledException>(() => channel.Reader.Take(new CancellationToken(true)));
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            var take = Hang.Start(() => channel.Reader.Take(cancel.Token));
            Hang.UntilWaiting(channel.Core.Items);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => take.Guard());
            channel.Writer.Write(i);
            Assert.Equal(i, channel.Reader.Next());
        }
        Assert.False(channel.Core.Items.Gate.HasWaiters);
    }

    [Fact]
    public async Task Claim_Cancelled_ThrowsAndTakesNoRoom()
    {
        using var channel = Open(Options(2) with { Idle = IdleStrategy.Park });
        Fill(channel);
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            var write = Hang.Start(() => channel.Writer.Write(99, cancel.Token));
            Hang.UntilWaiting(channel.Space);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.Guard());
        }
        Assert.Equal([0, 1], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public async Task WaitToTakeAsync_Ready_CompletesAtOnce()
    {
        using var channel = Open();
        channel.Writer.Write(1);
        var wait = channel.Reader.End.WaitToTakeAsync();
        Assert.True(wait.IsCompletedSuccessfully);
        Assert.True(await wait);
        var room = channel.Writer.End.WaitToClaimAsync();
        Assert.True(room.IsCompletedSuccessfully);
        Assert.True(await room);
        Assert.True(channel.Reader.End.WaitToTakeAsync(new CancellationToken(true)).AsTask().IsCanceled);
        Assert.True(channel.Writer.End.WaitToClaimAsync(new CancellationToken(true)).AsTask().IsCanceled);
    }

    [Fact]
    public async Task WaitToTakeAsync_Empty_CompletesWithTheMessage()
    {
        using var channel = Open();
        for (var i = 0; i < 10; i++)
        {
            var wait = channel.Reader.End.WaitToTakeAsync();
            Assert.False(wait.IsCompleted);
            channel.Writer.Write(i);
            Assert.True(await wait.Guard());
            Assert.Equal(i, channel.Reader.Next());
        }
        Assert.False(channel.Core.Items.Gate.HasWaiters);
    }

    [Fact]
    public async Task WaitToClaimAsync_Full_CompletesWithTheRelease()
    {
        using var channel = Open();
        Fill(channel);
        for (var i = 0; i < 10; i++)
        {
            var wait = channel.Writer.End.WaitToClaimAsync();
            Assert.False(wait.IsCompleted);
            using (var lease = channel.Reader.Take())
                Assert.False(wait.IsCompleted);
            Assert.True(await wait.Guard());
            Assert.True(channel.Writer.TryWrite(4 + i));
        }
        Assert.False(channel.Space.Gate.HasWaiters);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_ThrowsAndTheWaiterServesAgain()
    {
        using var channel = Open();
        for (var i = 0; i < 5; i++)
        {
            using var cancel = new CancellationTokenSource();
            var wait = channel.Reader.End.WaitToTakeAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Guard())).CancellationToken);
            var next = channel.Reader.End.WaitToTakeAsync();
            channel.Writer.Write(i);
            Assert.True(await next.Guard());
            Assert.Equal(i, channel.Reader.Next());
        }
        Fill(channel);
        using var stop = new CancellationTokenSource();
        var room = channel.Writer.End.WaitToClaimAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room.Guard());
        Assert.False(channel.Space.Gate.HasWaiters);
        Assert.Equal(4, channel.Reader.Drain().Count);
    }

    [Fact]
    public async Task WaitToTakeAsync_WokenForNothing_WaitsOn()
    {
        using var channel = Open();
        var wait = channel.Reader.End.WaitToTakeAsync().AsTask();
        channel.Core.Items.Wake();
        // The signal was handled before this one, or is merged with it; either way there is a message then.
        Hang.Until(() => wait.IsCompleted || channel.Core.Items.Gate.HasWaiters);
        Assert.False(wait.IsCompleted, "The wait ended although the channel is open and empty.");
        channel.Writer.Write(1);
        Assert.True(await wait.Guard());
        Assert.Equal(1, channel.Reader.Next());
    }

    [Fact]
    public async Task ReadAllAsync_MessagesThere_GivesThemSynchronouslyAndEnds()
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        channel.Channel.Complete();
        var all = channel.Reader.ReadAllAsync().GetAsyncEnumerator();
        for (var i = 0; i < 4; i++)
        {
            var next = all.MoveNextAsync();
            Assert.True(next.IsCompletedSuccessfully);
            Assert.True(await next);
            using (all.Current)
                Assert.Equal(i, all.Current.Number);
        }
        Assert.False(await all.MoveNextAsync().Guard());
        await all.DisposeAsync();
        await channel.Channel.Completion.Guard();
    }

    [Fact]
    public async Task ReadAllAsync_LeftEarly_LeavesTheRest()
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        await foreach (var lease in channel.Reader.ReadAllAsync())
        {
            using (lease)
                Assert.Equal(0, lease.Number);
            break;
        }
        Assert.Equal([1, 2, 3], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public async Task ReadAllAsync_Cancelled_Throws()
    {
        using var channel = Open();
        using var cancel = new CancellationTokenSource();
        var all = channel.Reader.ReadAllAsync(cancel.Token).GetAsyncEnumerator();
        var next = all.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Guard());
        Traffic(channel);
    }
}
