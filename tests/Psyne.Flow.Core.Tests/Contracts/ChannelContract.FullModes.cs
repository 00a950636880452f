namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    private static List<(long Number, DropReason Reason)> Drops(ChannelUnderTest channel)
    {
        var drops = new List<(long, DropReason)>();
        channel.OnDropped((number, reason) => drops.Add((number, reason)));
        return drops;
    }

    [Fact]
    public void Fail_Full_ThrowsAndChangesNothing()
    {
        using var channel = Open(4, FullMode.Fail);
        Assert.Equal(4, Fill(channel));
        var error = Assert.Throws<ChannelFullException>(() => channel.Writer.Write(9));
        Assert.Contains(channel.Channel.Name, error.Message);
        Assert.Contains("4", error.Message);
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryWrite(9, Timeout.InfiniteTimeSpan));
        Assert.False(channel.Writer.End.WaitToClaim(Short));
        Assert.Equal(0, channel.Channel.Statistics.Drops);
        Assert.Equal([0, 1, 2, 3], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public void DropNewest_Full_DropsAndReportsTheNew()
    {
        using var channel = Open(4, FullMode.DropNewest);
        var drops = Drops(channel);
        for (var i = 0; i < 10; i++)
            channel.Writer.Write(i);
        Assert.Equal(Enumerable.Range(4, 6).Select(static i => ((long)i, DropReason.Newest)), drops);
        Assert.Equal(6, channel.Channel.Statistics.Drops);
        Assert.Equal([0, 1, 2, 3], channel.Reader.Drain());
        Traffic(channel);
        Assert.Equal(6, drops.Count);
    }

    [Fact]
    public void DropNewest_ClaimOfADroppedMessage_EndsAsOthersDo()
    {
        using var channel = Open(2, FullMode.DropNewest);
        var drops = Drops(channel);
        channel.Writer.Write(0);
        channel.Writer.Write(1);
        var claim = channel.Writer.Claim(2);
        Assert.True(claim.IsOpen);
        claim.Fill();
        claim.Dispose();
        Assert.Empty(drops);
        Misuse(channel, claim.Publish);
        claim = channel.Writer.Claim(3);
        claim.Fill();
        claim.Publish();
        Misuse(channel, claim.Publish);
        Assert.Equal([(3, DropReason.Newest)], drops);
        Assert.Equal([0, 1], channel.Reader.Drain());

        channel.Writer.Write(10);
        channel.Writer.Write(11);
        drops.Clear();
        claim = channel.Writer.Claim(4);
        channel.Dispose();
        Assert.False(channel.Channel.Slab.IsDisposed);
        claim.Fill();
        claim.Dispose();
        Assert.True(channel.Channel.Slab.IsDisposed);
    }

    [Fact]
    public void DropNewest_HandlerThrows_TheSlotStillReturns()
    {
        using var channel = Open(2, FullMode.DropNewest);
        channel.OnDropped(static (_, _) => throw new TimeZoneNotFoundException());
        channel.Writer.Write(0);
        channel.Writer.Write(1);
        for (var i = 0; i < 200; i++)
            Assert.Throws<TimeZoneNotFoundException>(() => channel.Writer.Write(9));
        Assert.Equal(200, channel.Channel.Statistics.Drops);
        Assert.Equal([0, 1], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public void DropOldest_Full_DropsAndReportsTheOldest()
    {
        Assert.SkipWhen(Broadcasts, "A broadcast drops for each slow consumer: see the lossy broadcast.");
        using var channel = Open(4, FullMode.DropOldest);
        var drops = Drops(channel);
        for (var i = 0; i < 10; i++)
            channel.Writer.Write(i);
        Assert.Equal(Enumerable.Range(0, 6).Select(static i => ((long)i, DropReason.Oldest)), drops);
        Assert.Equal(6, channel.Channel.Statistics.Drops);
        Assert.Equal([6, 7, 8, 9], channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public void DropOldest_AllLeased_DropsAndReportsTheNew()
    {
        using var channel = Open(3, FullMode.DropOldest);
        Assert.Equal(3, channel.Channel.Capacity);
        var drops = Drops(channel);
        for (var i = 0; i < 3; i++)
            channel.Writer.Write(i);
        var leases = Enumerable.Range(0, 3).Select(_ => channel.Reader.Take()).ToArray();
        channel.Writer.Write(7);
        Assert.Equal([(7, DropReason.AllLeased)], drops);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, leases[i].Number);
            leases[i].Dispose();
        }
        Assert.Empty(channel.Reader.Drain());
        Traffic(channel);
    }

    [Fact]
    public void DropOldest_WaitsForRoom_DropNothing()
    {
        using var channel = Open(4, FullMode.DropOldest);
        for (var i = 0; i < 4; i++)
            channel.Writer.Write(i);
        Assert.True(channel.Writer.End.WaitToClaim(Short));
        Assert.True(channel.Writer.End.WaitToClaimAsync().AsTask().IsCompletedSuccessfully);
        Assert.Equal([0, 1, 2, 3], channel.Reader.Drain());
        Assert.Equal(0, channel.Reader.End.Lagged);
    }

    [Fact]
    public void Adaptive_ConsumersStop_DropsAndRecovers()
    {
        using var channel = Open(Options(2, FullMode.Adaptive) with
        {
            Adaptive = new AdaptivePolicy { Patience = TimeSpan.FromMilliseconds(1), Recovery = TimeSpan.Zero },
        });
        var drops = Drops(channel);
        channel.Writer.Write(0);
        channel.Writer.Write(1);
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryWrite(8, TimeSpan.Zero));
        Assert.False(channel.Core.IsShedding);
        channel.Writer.Write(2);
        Assert.True(channel.Core.IsShedding);
        channel.Writer.Write(3);
        Assert.Equal([(2, DropReason.Newest), (3, DropReason.Newest)], drops);
        Assert.Equal(0, channel.Reader.Next());
        channel.Writer.Write(4);
        // Nothing had to be dropped for longer than Recovery: the next claim that finds no room waits again, and gives up.
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryWrite(5, TimeSpan.Zero));
        Assert.False(channel.Core.IsShedding);
        Assert.Equal([1, 4], channel.Reader.Drain());
        Assert.Equal(2, channel.Channel.Statistics.Drops);
        Traffic(channel);
    }

    [Fact]
    public async Task Adaptive_ConsumersKeepUp_Waits()
    {
        using var channel = Open(Options(2, FullMode.Adaptive) with
        {
            Idle = IdleStrategy.Park,
            Adaptive = new AdaptivePolicy { Patience = TimeSpan.FromMinutes(5) },
        });
        Fill(channel);
        var write = Hang.Start(() => channel.Writer.Write(2));
        Hang.UntilWaiting(channel.Space);
        Assert.Equal(0, channel.Reader.Next());
        await write.Guard();
        Assert.Equal([1, 2], channel.Reader.Drain());
        Assert.Equal(0, channel.Channel.Statistics.Drops);
    }

    [Theory]
    [InlineData(FullMode.Fail)]
    [InlineData(FullMode.DropNewest)]
    [InlineData(FullMode.DropOldest)]
    [InlineData(FullMode.Adaptive)]
    public async Task Complete_FullChannelOfAnyPolicy_ClaimsEndClosed(FullMode fullMode)
    {
        using var channel = Open(2, fullMode);
        channel.Writer.Write(0);
        channel.Writer.Write(1);
        channel.Channel.Complete();
        Assert.False(channel.Writer.TryWrite(2));
        Assert.Throws<SlabChannelClosedException>(() => channel.Writer.Write(2));
        Assert.Equal([0, 1], channel.Reader.Drain());
        await channel.Channel.Completion.Guard();
    }
}
