namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public async Task Dispose_EndsParkedTakes()
    {
        var channel = Open(Options(4) with { Idle = IdleStrategy.Park });
        var take = Hang.Start(() => channel.Reader.TryTake(Timeout.InfiniteTimeSpan, out _));
        Hang.UntilWaiting(channel.Core.Items);
        channel.Dispose();
        Assert.Equal(TakeStatus.Closed, await take.Guard());

        channel = Open(Options(4));
        var wait = channel.Reader.End.WaitToTakeAsync();
        channel.Dispose();
        Assert.False(await wait.Guard());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Channel.Completion.Guard());
    }

    [Fact]
    public async Task Dispose_EndsParkedClaims()
    {
        var channel = Open(Options(2) with { Idle = IdleStrategy.Park });
        Fill(channel);
        var wait = channel.Writer.End.WaitToClaimAsync();
        var write = Hang.Start(() => channel.Writer.TryWrite(9, Timeout.InfiniteTimeSpan));
        Hang.Until(() => channel.Channel.Statistics.ProducerWaits >= 2);
        channel.Dispose();
        Assert.False(await wait.Guard());
        Assert.Equal(ClaimStatus.Closed, await write.Guard());
        Assert.True(channel.Channel.Slab.IsDisposed);
    }

    [Fact]
    public void Dispose_LeasesHeld_KeepsTheMemoryUntilTheLast()
    {
        var channel = Open(capacity: 4);
        Fill(channel);
        var (first, second) = (channel.Reader.Take(), channel.Reader.Take());
        channel.Dispose();
        channel.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        Assert.Equal(1, second.Number);
        second.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        Assert.Equal(0, first.Number);
        first.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
        Assert.Contains("disposed", channel.Channel.ToString());
    }

    [Fact]
    public void Dispose_RetainedLeaseHeld_KeepsTheMemory()
    {
        var channel = Open(capacity: 4);
        channel.Writer.Write(1);
        HeldLease retained;
        using (var lease = channel.Reader.Take())
            retained = lease.Retain();
        channel.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        Assert.Equal(1, retained.Number);
        retained.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
        Assert.Throws<LeaseException>(retained.Dispose);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_ClaimOpen_KeepsTheMemory(bool publish)
    {
        var channel = Open(capacity: 4);
        var claim = channel.Writer.Claim(1);
        channel.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        claim.Fill();
        if (publish)
            claim.Publish();
        claim.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
    }

    [Fact]
    public void Dispose_NothingHeld_GivesTheMemoryBack()
    {
        var channel = Open(capacity: 4);
        Fill(channel);
        channel.Reader.Next();
        channel.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
    }

    [Fact]
    public void Dispose_UseOfTheChannelsOwnEnds_Throws()
    {
        var channel = Open();
        channel.Writer.Write(1);
        channel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.TryWrite(2));
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.Write(2));
        Assert.Throws<ObjectDisposedException>(() => channel.Reader.TryTake(out _));
        Assert.Throws<ObjectDisposedException>(() => channel.Reader.Take());
        Assert.Throws<ObjectDisposedException>(() => channel.OpenWriter());
        Assert.Throws<ObjectDisposedException>(() => channel.OpenReader());
        Assert.NotEmpty(channel.Channel.ToString());
        _ = channel.Channel.Statistics;
    }

    [Fact]
    public void Dispose_UseOfEndsOpenedApart_EndsClosed()
    {
        using var channel = ChannelUnderTest.Create(mode, kind, Options(4));
        using var reader = channel.OpenReader();
        using var writer = channel.OpenWriter();
        writer.Write(1);
        channel.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
        for (var again = 0; again < 3; again++)
        {
            Assert.True(writer.End.IsClosed);
            Assert.False(writer.TryWrite(2));
            Assert.Throws<SlabChannelClosedException>(() => writer.Write(2));
            Assert.False(reader.TryTake(out _));
            Assert.Equal(TakeStatus.Closed, reader.TryTake(Short, out _));
            Assert.Throws<SlabChannelClosedException>(() => reader.Take());
            Assert.False(reader.End.WaitToTake(Short));
        }
    }

    [Fact]
    public void Dispose_OfAnEnd_EndsThatEndOnly()
    {
        using var channel = Open();
        channel.Writer.Write(1);
        channel.Writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.TryWrite(2));
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.Claim(2));
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.Write(2));
        Assert.Throws<ObjectDisposedException>(() => channel.Writer.TryWrite(2, Short));
        Assert.Equal(1, channel.Channel.Count);
        using var writer = channel.OpenWriter();
        writer.Write(2);
        Assert.Equal(1, channel.Reader.Next());
        channel.Reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => channel.Reader.TryTake(out _));
        Assert.Throws<ObjectDisposedException>(() => channel.Reader.Take());
        Assert.Throws<ObjectDisposedException>(() => channel.Reader.TryTake(Short, out _));
    }

    [Fact]
    public async Task Dispose_OfAReader_EndsItsParkedWaits()
    {
        using var channel = Open(Options(4) with { Idle = IdleStrategy.Park });
        var wait = channel.Reader.End.WaitToTakeAsync();
        var take = Hang.Start(() => channel.Reader.End.WaitToTake(Timeout.InfiniteTimeSpan));
        Hang.Until(() => channel.Channel.Statistics.ConsumerWaits >= 2);
        channel.Reader.Dispose();
        Assert.False(await wait.Guard());
        Assert.False(await take.Guard());
    }

    [Fact]
    public async Task Dispose_OfAWriter_EndsItsParkedWaits()
    {
        using var channel = Open(Options(2) with { Idle = IdleStrategy.Park });
        Fill(channel);
        var wait = channel.Writer.End.WaitToClaimAsync();
        var room = Hang.Start(() => channel.Writer.End.WaitToClaim(Timeout.InfiniteTimeSpan));
        var claim = Hang.Start(() => channel.Writer.Write(9));
        Hang.Until(() => channel.Channel.Statistics.ProducerWaits >= 3);
        channel.Writer.Dispose();
        Assert.False(await wait.Guard());
        Assert.False(await room.Guard());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => claim.Guard());
        Assert.Equal([0, 1], channel.Reader.Drain());
    }

    [Fact]
    public async Task Completion_DisposedAfterTheEnd_StaysGood()
    {
        var channel = Open();
        channel.Writer.Write(1);
        channel.Channel.Complete();
        var lease = channel.Reader.Take();
        channel.Dispose();
        lease.Dispose();
        await channel.Channel.Completion.Guard();

        channel = Open();
        channel.Writer.Write(1);
        channel.Channel.Complete();
        channel.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Channel.Completion.Guard());
    }
}
