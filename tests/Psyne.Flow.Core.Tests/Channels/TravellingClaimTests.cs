using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>Claims that travel between threads, where producers share a ring: there are cells for so many at once.</summary>
public sealed class TravellingClaimTests
{
    private static List<FrameClaim> ClaimAll(FrameChannel channel)
    {
        var claims = new List<FrameClaim>();
        while (channel.Writer.TryClaim(8, out var claim))
            claims.Add(claim);
        return claims;
    }

    [Fact]
    public void TryClaim_EveryCellOpen_IsFullUntilOneEnds()
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Mpsc, 40);
        var claims = ClaimAll(channel);
        Assert.Equal(64, claims.Count);
        Assert.Equal(64, channel.Statistics.OpenClaims);
        Assert.Equal(ClaimStatus.Full, channel.Writer.TryClaim(8, TimeSpan.FromMilliseconds(2), out _));
        claims[5].Dispose();
        Assert.True(channel.Writer.TryClaim(8, out var next));
        Assert.False(claims[5].IsOpen);
        next.Bytes.Fill(7);
        next.Publish();
        foreach (var claim in claims)
            claim.Dispose();
        using var lease = channel.Reader.Take();
        Assert.Equal(7, lease.Bytes[7]);
    }

    [Fact]
    public async Task Claim_EveryCellOpen_WaitsForOne()
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Mpsc, 40);
        var claims = ClaimAll(channel);
        var write = Hang.Start(() => channel.Writer.Publish("late"));
        claims[0].Dispose();
        await write.Guard();
        using var lease = channel.Reader.Take();
        Assert.Equal("late", lease.GetText());
    }

    [Fact]
    public void Claim_OfItsOwnThread_HasACellWhileTheSharedAreOpen()
    {
        using var channel = SlabChannel.CreateMpsc<long>();
        var claims = new List<OwnedClaim<long>>();
        while (channel.Writer.TryClaimOwned(out var claim))
            claims.Add(claim);
        Assert.True(channel.Writer.TryPublish(5));
        using (var lease = channel.Reader.Take())
            Assert.Equal(5, lease.Value);
        foreach (var claim in claims)
            claim.Publish();
        Assert.Equal(64, channel.Count);
    }
}
