using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>Claims that travel between threads, where producers share a ring: there are cells for so many at once.</summary>
public sealed class TravellingClaimTests
{
    private static readonly SlabChannelOptions s_park = new() { Idle = IdleStrategy.Park };

    private static List<OwnedClaim<long>> ClaimAllOwned(SlabChannel<long> channel)
    {
        var claims = new List<OwnedClaim<long>>();
        while (channel.Writer.TryClaimOwned(out var claim))
            claims.Add(claim);
        return claims;
    }

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
    public async Task Claim_EveryCellOpen_SleepsUntilOneEnds()
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Mpsc, 40, s_park);
        var claims = ClaimAll(channel);
        var write = Hang.Start(() => channel.Writer.Publish("late"));
        Hang.UntilWaiting(channel.Core.Space);
        Assert.False(write.IsCompleted);
        claims[0].Dispose();
        await write.Guard();
        using var lease = channel.Reader.Take();
        Assert.Equal("late", lease.GetText());
    }

    [Fact]
    public async Task ClaimOwned_EveryCellOpen_SleepsUntilOneIsPublished()
    {
        using var channel = SlabChannel.CreateMpmc<long>(s_park);
        var claims = ClaimAllOwned(channel);
        var claim = Hang.Start(() => channel.Writer.ClaimOwned());
        Hang.UntilWaiting(channel.Core.Space);
        claims[63].Publish();
        using var owned = await claim.Guard();
        Assert.True(owned.IsOpen);
    }

    [Fact]
    public async Task ClaimOwned_EveryCellOpen_EndsWithTheChannelOrItsToken()
    {
        using var channel = SlabChannel.CreateMpsc<long>(s_park);
        var claims = ClaimAllOwned(channel);
        using var cancellation = new CancellationTokenSource();
        var cancelled = Hang.Start(() => channel.Writer.ClaimOwned(cancellation.Token));
        Hang.UntilWaiting(channel.Core.Space);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Guard());
        var closed = Hang.Start(() => channel.Writer.ClaimOwned());
        Hang.UntilWaiting(channel.Core.Space);
        channel.Complete();
        await Assert.ThrowsAsync<SlabChannelClosedException>(() => closed.Guard());
        Assert.Equal(64, channel.Statistics.OpenClaims);
        claims.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public async Task WaitToClaimAsync_OfFrames_EveryCellOpen_WaitsForOne()
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Mpsc, 40, s_park);
        var claims = ClaimAll(channel);
        Assert.False(channel.Writer.WaitToClaim(TimeSpan.FromMilliseconds(1)));
        var room = channel.Writer.WaitToClaimAsync();
        Assert.False(room.IsCompleted);
        claims[0].Dispose();
        Assert.True(await room.Guard());
        claims.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public async Task Claim_InsideAClaim_EveryCellOpen_SleepsUntilOneEnds()
    {
        using var channel = SlabChannel.CreateMpsc<long>(s_park);
        var claims = ClaimAllOwned(channel);
        var write = Hang.Start(() =>
        {
            using var outer = channel.Writer.Claim(); // the thread's own cell
            channel.Writer.Publish(2);
            outer.Value = 1;
            outer.Publish();
        });
        Hang.UntilWaiting(channel.Core.Space);
        claims[7].Dispose();
        await write.Guard();
        Assert.Equal(2, channel.Count);
        claims.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public async Task Claims_OfManyThreads_OverFewCells_AllComeThrough()
    {
        const int Threads = 4, Each = 400;
        using var channel = SlabChannel.CreateMpmc<long>(s_park with { Capacity = 4096 });
        var held = ClaimAllOwned(channel);
        held[0].Dispose();
        held[1].Dispose(); // two cells for four threads
        var writers = Enumerable.Range(0, Threads).Select(thread => Hang.Start(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                using var claim = channel.Writer.ClaimOwned();
                claim.Value = thread * Each + i;
                claim.Publish();
            }
        })).ToArray();
        await Task.WhenAll(writers).Guard();
        var seen = new HashSet<long>();
        while (channel.Reader.TryTake(out var lease))
            using (lease)
                Assert.True(seen.Add(lease.Value));
        Assert.Equal(Threads * Each, seen.Count);
        held.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public void Claim_OfItsOwnThread_HasACellWhileTheSharedAreOpen()
    {
        using var channel = SlabChannel.CreateMpsc<long>();
        var claims = ClaimAllOwned(channel);
        Assert.True(channel.Writer.TryPublish(5));
        using (var lease = channel.Reader.Take())
            Assert.Equal(5, lease.Value);
        foreach (var claim in claims)
            claim.Publish();
        Assert.Equal(64, channel.Count);
    }
}
