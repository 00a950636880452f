namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public void Claim_AbortedTenTimesTheCapacity_LeavesEverythingUsable()
    {
        using var channel = Open(capacity: 4);
        for (var i = 0; i < 10 * channel.Channel.Capacity; i++)
        {
            using var claim = channel.Writer.Claim(i);
            Assert.True(claim.IsOpen);
            claim.Fill();
        }
        Assert.Equal(0, channel.Channel.Count);
        Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
        Assert.Null(channel.Reader.TryNext());
        Assert.Equal(channel.Channel.Capacity, Fill(channel));
        Assert.Equal(channel.Channel.Capacity, channel.Reader.Drain().Count);
        Traffic(channel);
    }

    [Fact]
    public void Claim_OpenWhenAnExceptionFlies_Aborts()
    {
        using var channel = Open();
        Assert.Throws<TimeZoneNotFoundException>((Action)(() =>
        {
            using var claim = channel.Writer.Claim(1);
            claim.Fill();
            throw new TimeZoneNotFoundException();
        }));
        Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
        Assert.Null(channel.Reader.TryNext());
        Traffic(channel);
    }

    [Fact]
    public void Claim_EndedTwice_ThrowsAndChangesNothing()
    {
        using var channel = Open();
        var claim = channel.Writer.Claim(1);
        claim.Fill();
        Assert.Contains(channel.Channel.Name, claim.ToString());
        claim.Publish();
        Assert.False(claim.IsOpen);
        Misuse(channel, claim.Publish);
        Misuse(channel, claim.Fill);
        claim.Dispose();
        Assert.DoesNotContain(channel.Channel.Name, claim.ToString());
        Assert.Equal(1, channel.Channel.Count);
        Assert.Equal(1, channel.Reader.Next());

        var aborted = channel.Writer.Claim(2);
        aborted.Dispose();
        aborted.Dispose();
        Misuse(channel, aborted.Publish);
        Misuse(channel, aborted.Fill);
        Traffic(channel);
    }

    [Fact]
    public void Claim_StaleAfterItsSlotWasClaimedAgain_TouchesNeither()
    {
        using var channel = Open(capacity: 2);
        var stale = channel.Writer.Claim(1);
        stale.Dispose();
        for (var lap = 0; lap < 5; lap++)
        {
            using var claim = channel.Writer.Claim(100 + lap);
            claim.Fill();
            stale.Dispose();
            Misuse(channel, stale.Publish);
            Misuse(channel, stale.Fill);
            Assert.True(claim.IsOpen);
            claim.Publish();
            Assert.Equal(100 + lap, channel.Reader.Next());
        }
    }

    [Fact]
    public void Claim_NeverGiven_ThrowsLeaseException()
    {
        using var channel = Open();
        var none = channel.NoClaim();
        Assert.False(none.IsOpen);
        Assert.Contains("empty", Assert.Throws<LeaseException>(none.Publish).Message);
        Assert.Contains("empty", Assert.Throws<LeaseException>(none.Fill).Message);
        none.Dispose();
        Assert.NotEmpty(none.ToString());
        Traffic(channel);
    }

    [Fact]
    public void Claim_WhileAnotherIsOpen_ThrowsInPlaceAndWorksElsewhere()
    {
        using var channel = Open(capacity: 4);
        var first = channel.Writer.Claim(1);
        first.Fill();
        if (ClaimsInPlace(channel))
        {
            Misuse(channel, () => channel.Writer.Claim(2));
            Misuse(channel, () => channel.Writer.TryClaim(2, out _));
            first.Publish();
            Assert.Equal([1], channel.Reader.Drain());
        }
        else
        {
            var second = channel.Writer.Claim(2);
            second.Fill();
            Assert.Equal(2, channel.Channel.Statistics.OpenClaims);
            second.Publish();
            first.Publish();
            Assert.Equal([2, 1], channel.Reader.Drain());
        }
        Assert.Equal(0, channel.Channel.Statistics.OpenClaims);
        Traffic(channel);
    }

    [Fact]
    public void Claim_OfAProducerThatStops_HoldsUpNobody()
    {
        using var channel = Open(capacity: 4);
        Assert.SkipWhen(ClaimsInPlace(channel), "One producer builds in the ring's next slot: nobody else could publish.");
        var stopped = channel.Writer.Claim(1);
        stopped.Fill();
        Traffic(channel);
        Assert.True(stopped.IsOpen);
        stopped.Publish();
        Assert.Equal([1], channel.Reader.Drain());
    }

    [Fact]
    public async Task Claim_PublishedByAnotherThread_Arrives()
    {
        using var channel = Open(capacity: 2);
        for (var i = 0; i < 6; i++)
        {
            var claim = channel.Writer.Claim(i);
            await Task.Run(() =>
            {
                claim.Fill();
                claim.Publish();
            }).Guard();
            Assert.Equal(i, channel.Reader.Next());
        }
    }
}
