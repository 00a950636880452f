namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public async Task Complete_MessagesLeft_DrainsThenEnds()
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        Assert.True(channel.Writer.End.Complete());
        Assert.False(channel.Writer.End.Complete());
        Assert.True(channel.Writer.End.IsClosed);
        Assert.Contains("completed", channel.Channel.ToString());
        Assert.False(channel.Channel.Completion.IsCompleted);
        Assert.False(channel.Writer.TryWrite(9));
        Assert.Equal(ClaimStatus.Closed, channel.Writer.TryWrite(9, Timeout.InfiniteTimeSpan));
        var closed = Assert.Throws<SlabChannelClosedException>(() => channel.Writer.Write(9));
        Assert.Contains(channel.Channel.Name, closed.Message);
        Assert.Null(closed.InnerException);
        Assert.False(channel.Writer.End.WaitToClaim(Timeout.InfiniteTimeSpan));
        Assert.False(await channel.Writer.End.WaitToClaimAsync().Guard());

        Assert.Equal([0, 1, 2, 3], channel.Reader.Drain());
        await channel.Channel.Completion.Guard();
        await channel.Reader.End.Completion.Guard();
        Assert.Equal(TakeStatus.Closed, channel.Reader.TryTake(Timeout.InfiniteTimeSpan, out _));
        Assert.False(channel.Reader.End.WaitToTake(Timeout.InfiniteTimeSpan));
        Assert.False(await channel.Reader.End.WaitToTakeAsync().Guard());
        Assert.Throws<SlabChannelClosedException>(() => channel.Reader.Take());
        Assert.True(channel.Channel.Statistics.IsClosed);
    }

    [Fact]
    public async Task Complete_WithFault_DrainsThenThrowsIt()
    {
        using var channel = Open(capacity: 4);
        Fill(channel);
        var fault = new TimeZoneNotFoundException("the fault");
        Assert.True(channel.Channel.Complete(fault));
        Assert.Same(fault, Assert.Throws<SlabChannelClosedException>(() => channel.Writer.Write(9)).InnerException);
        for (var i = 0; i < 4; i++)
        {
            Assert.True(await channel.Reader.End.WaitToTakeAsync().Guard());
            Assert.Equal(i, channel.Reader.Next());
        }
        Assert.Same(fault, Assert.Throws<TimeZoneNotFoundException>(() => channel.Reader.Take()));
        Assert.Throws<TimeZoneNotFoundException>(() => channel.Reader.TryTake(Short, out _));
        Assert.Throws<TimeZoneNotFoundException>(() => channel.Reader.End.WaitToTake(Short));
        Assert.Same(fault, await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => channel.Reader.End.WaitToTakeAsync().Guard()));
        Assert.Same(fault, await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => channel.Channel.Completion.Guard()));
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(async () =>
        {
            await foreach (var lease in channel.Reader.ReadAllAsync())
                lease.Dispose();
        });
    }

    [Fact]
    public async Task Complete_ASecondTime_ChangesNothing()
    {
        using var channel = Open();
        channel.Writer.Write(1);
        Assert.True(channel.Channel.Complete());
        Assert.False(channel.Channel.Complete(new TimeZoneNotFoundException()));
        Assert.Equal(1, channel.Reader.Next());
        Assert.Equal(TakeStatus.Closed, channel.Reader.TryTake(Short, out _));
        await channel.Channel.Completion.Guard();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_ClaimOpen_MayStillBePublished(bool publish)
    {
        using var channel = Open();
        var claim = channel.Writer.Claim(6);
        claim.Fill();
        channel.Channel.Complete();
        Assert.False(channel.Channel.Completion.IsCompleted);
        Assert.True(claim.IsOpen);
        var wait = channel.Reader.End.WaitToTakeAsync();
        Assert.False(wait.IsCompleted);
        if (publish)
            claim.Publish();
        claim.Dispose();
        Assert.Equal(publish, await wait.Guard());
        Assert.Equal(publish ? [6] : [], channel.Reader.Drain());
        await channel.Channel.Completion.Guard();
    }

    [Fact]
    public async Task Complete_EndsParkedTakes()
    {
        using var channel = Open(Options(4) with { Idle = IdleStrategy.Park });
        var wait = channel.Reader.End.WaitToTakeAsync();
        channel.Channel.Complete();
        Assert.False(await wait.Guard());

        using var other = Open(Options(4) with { Idle = IdleStrategy.Park });
        var take = Hang.Start(() => other.Reader.TryTake(Timeout.InfiniteTimeSpan, out _));
        Hang.UntilWaiting(other.Core.Items);
        other.Channel.Complete();
        Assert.Equal(TakeStatus.Closed, await take.Guard());
        await other.Channel.Completion.Guard();
    }

    [Fact]
    public async Task Complete_EndsParkedClaims()
    {
        using var channel = Open(Options(2) with { Idle = IdleStrategy.Park });
        Fill(channel);
        var wait = channel.Writer.End.WaitToClaimAsync();
        var write = Hang.Start(() => channel.Writer.TryWrite(9, Timeout.InfiniteTimeSpan));
        Hang.Until(() => channel.Channel.Statistics.ProducerWaits >= 2);
        channel.Channel.Complete();
        Assert.False(await wait.Guard());
        Assert.Equal(ClaimStatus.Closed, await write.Guard());
        Assert.Equal([0, 1], channel.Reader.Drain());
    }

    [Fact]
    public async Task Complete_LeaseHeld_CompletesOnceItIsDisposed()
    {
        using var channel = Open();
        channel.Writer.Write(1);
        var lease = channel.Reader.Take();
        channel.Channel.Complete();
        lease.Dispose();
        await channel.Channel.Completion.Guard();
    }
}
