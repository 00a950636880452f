namespace Psyne.Flow.Tests.Channels;

/// <summary>Claims of a ring with one producer and one consumer, used when they have ended.</summary>
public sealed class SpscClaimTests
{
    private static SlabChannel<long> Open(int capacity = 8, int sampling = 0) =>
        SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = capacity, LatencySampling = sampling });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Claim_Published_IsRefusedButForDispose(int sampling)
    {
        using var channel = Open(sampling: sampling);
        var claim = channel.Writer.Claim();
        claim.Value = 7;
        Assert.True(claim.IsOpen);
        claim.Publish();
        Assert.False(claim.IsOpen);
        Refused(claim);
        claim.Dispose();
        Assert.Equal(2, channel.Statistics.Misuses);
        Assert.Equal(1, channel.Statistics.Published);
        using var lease = channel.Reader.Take();
        Assert.Equal(7, lease.Value);
    }

    [Fact]
    public void Claim_AbortedAndPositionClaimedAgain_IsAnotherClaim()
    {
        using var channel = Open();
        var stale = channel.Writer.Claim();
        stale.Dispose();
        Refused(stale);
        var claim = channel.Writer.Claim();
        claim.Value = 7;
        Assert.False(stale.IsOpen);
        Refused(stale);
        stale.Dispose();
        Assert.True(claim.IsOpen);
        Assert.Equal(1, channel.Statistics.OpenClaims);
        Assert.False(channel.Reader.TryTake(out _));
        claim.Publish();
        Assert.Equal(7, channel.Reader.Take().Value);
    }

    [Fact]
    public void Claim_OfALapBefore_IsAnotherClaim()
    {
        using var channel = Open(capacity: 2);
        var stale = channel.Writer.Claim();
        stale.Publish();
        for (var i = 1; i < 9; i++)
        {
            channel.Reader.Take().Dispose();
            var claim = channel.Writer.Claim();
            Assert.False(stale.IsOpen);
            stale.Dispose();
            Assert.True(claim.IsOpen);
            claim.Publish();
            Assert.False(claim.IsOpen);
        }
        Assert.Equal(9, channel.Statistics.Published);
    }

    [Fact]
    public void Batch_Ended_IsRefusedButForDispose()
    {
        using var channel = Open();
        var batch = channel.Writer.ClaimBatch(4);
        batch[3] = 7;
        batch.Publish(2);
        Refused(batch);
        batch.Dispose();
        var aborted = channel.Writer.ClaimBatch(4);
        aborted.Publish(0);
        Refused(aborted);
        aborted.Dispose();
        var again = channel.Writer.ClaimBatch(4);
        Refused(aborted);
        aborted.Dispose();
        Assert.Equal(1, channel.Statistics.OpenClaims);
        again.Dispose();
        Assert.Equal(0, channel.Statistics.OpenClaims);
        Assert.Equal(2, channel.Statistics.Published);
    }

    [Fact]
    public void OwnedClaim_Stale_IsRefusedButForDispose()
    {
        using var channel = Open();
        var stale = channel.Writer.ClaimOwned();
        stale.Dispose();
        using var claim = channel.Writer.ClaimOwned();
        Assert.False(stale.IsOpen);
        Assert.Throws<LeaseException>(() => stale.Value);
        Assert.Throws<LeaseException>(stale.Publish);
        stale.Dispose();
        Assert.True(claim.IsOpen);
        claim.Publish();
        Assert.Throws<LeaseException>(claim.Publish);
    }

    // Tickets that grew by 2^40 with every abort were positive after 2^23 of them: a claim looked published.
    [Fact]
    public void Claim_AfterVeryManyAborts_IsNotSeen()
    {
        using var channel = Open();
        channel.Writer.Publish(1);
        for (var i = 0; i <= 1 << 23; i++)
            channel.Writer.Claim().Dispose();
        channel.Reader.Take().Dispose();
        var claim = channel.Writer.Claim();
        Assert.False(channel.Reader.TryTake(out _));
        Assert.Equal(1, channel.Statistics.OpenClaims);
        Assert.Equal(1, channel.Statistics.Published);
        claim.Value = 2;
        claim.Publish();
        Assert.Equal(2, channel.Reader.Take().Value);
    }

    /// <summary>The words of the last messages lie on a page that was given back.</summary>
    [Fact]
    public void Statistics_OfADisposedChannel_StillCountALinesMessages()
    {
        const int count = 1003;
        var channel = Open(capacity: 4096);
        var writer = channel.Writer;
        for (var i = 0; i < count; i++)
            channel.Writer.Publish(i);
        channel.Dispose();
        Assert.Equal(count, channel.Statistics.Published);
        Assert.Equal(0, channel.Statistics.OpenClaims);
        Assert.Throws<ObjectDisposedException>(() => writer.Claim());
        Assert.Equal(count, channel.Statistics.Published);
    }

    [Fact]
    public void Untaken_RestOfARun_IsCountedAndSeen()
    {
        using var channel = Open();
        using (var batch = channel.Writer.ClaimBatch(6))
            batch.Publish(5);
        channel.Writer.Publish(5);
        for (var left = 5; left >= 0; left--)
        {
            channel.Reader.Take().Dispose();
            Assert.Equal(left, channel.Reader.Count);
            Assert.Equal(left > 0, channel.Reader.WaitToTake(TimeSpan.Zero));
        }
    }

    private static void Refused(Claim<long> claim)
    {
        Assert.True(Throws(claim, static claim => claim.Value = 1));
        Assert.True(Throws(claim, static claim => claim.Publish()));
    }

    private static void Refused(ClaimBatch<long> batch)
    {
        Assert.True(Throws(batch, static batch => batch[0] = 1));
        Assert.True(Throws(batch, static batch => batch.Publish()));
        Assert.True(Throws(batch, static batch => batch.Publish(0)));
    }

    private static bool Throws<T>(T subject, Action<T> use) where T : allows ref struct
    {
        try
        {
            use(subject);
            return false;
        }
        catch (LeaseException)
        {
            return true;
        }
    }
}
