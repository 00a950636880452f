namespace Psyne.Flow.Tests.Channels;

/// <summary>The slots beside a ring: for copies that are retained, and for messages that are built only to be dropped.</summary>
public sealed class SidePoolTests
{
    [Fact]
    public void Retain_AllCopiesLeased_SaysHowManyThereAre()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 4 });
        channel.Writer.Publish(7);
        var copies = new List<Lease<long>>();
        using (var lease = channel.Reader.Take())
        {
            for (var i = 0; i < 64; i++)
                copies.Add(lease.Retain());
            Assert.Contains("All 64 slots", Assert.Throws<ChannelFullException>(() => lease.Retain()).Message, StringComparison.Ordinal);
            copies[0].Dispose();
            copies[0] = lease.Retain();
        }
        Assert.All(copies, copy => Assert.Equal(7, copy.Value));
        copies.ForEach(copy => copy.Dispose());
    }

    [Fact]
    public void Claim_ToBeDropped_AllSlotsOpen_IsFull()
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Mpsc, 16, new SlabChannelOptions { Capacity = 1, FullMode = FullMode.DropNewest });
        channel.Writer.Publish("kept");
        var doomed = new List<FrameClaim>();
        while (channel.Writer.TryClaim(4, out var claim))
            doomed.Add(claim);
        Assert.Equal(64, doomed.Count);
        doomed[0].Publish();
        Assert.Equal(1, channel.Statistics.Drops);
        Assert.True(channel.Writer.TryClaim(4, out var next));
        next.Dispose();
        doomed.ForEach(claim => claim.Dispose());
    }

    [Fact]
    public void Batch_ToBeDropped_IsOneMessage()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 1, FullMode = FullMode.DropNewest });
        channel.Writer.Publish(1);
        using (var batch = channel.Writer.ClaimBatch(8))
        {
            Assert.Equal(1, batch.Count);
            batch[0] = 2;
            batch.Publish();
        }
        Assert.Equal(1, channel.Statistics.Drops);
        using (var batch = channel.Writer.ClaimBatch(8))
            batch.Publish(0); // given back: not dropped, since nothing was published
        channel.Writer.ClaimBatch(8).Dispose();
        Assert.Equal((1L, 1L), (channel.Statistics.Drops, channel.Count));
    }
}
