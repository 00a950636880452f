using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>Batches where a channel gives fewer than were asked for.</summary>
public sealed class BatchEdgeTests
{
    [Fact]
    public void ClaimBatch_CompletedChannel_Throws()
    {
        using var channel = SlabChannel.CreateMpsc<long>();
        channel.Complete();
        Assert.Throws<SlabChannelClosedException>(() => channel.Writer.ClaimBatch(4).Dispose());
    }

    [Fact]
    public void ClaimBatch_OthersHoldTheCredit_GivesOne()
    {
        using var channel = SlabChannel.CreateMpsc<long>(new SlabChannelOptions { Capacity = 64 });
        using (var first = channel.Writer.ClaimBatch(64))
        {
            Assert.Equal(64, first.Count);
            using var second = channel.Writer.ClaimBatch(64);
            Assert.Equal(1, second.Count);
        }
        using var again = channel.Writer.ClaimBatch(64);
        Assert.Equal(64, again.Count);
    }

    [Fact]
    public void Claim_OfOneProducer_WhileItsClaimIsOpen_IsRefusedInEveryForm()
    {
        using var channel = SlabChannel.CreateSpsc<long>();
        var writer = channel.Writer;
        using (var claim = writer.Claim())
        {
            Assert.Throws<LeaseException>(() => writer.Claim().Dispose());
            Assert.Throws<LeaseException>(() => writer.TryClaim(out _));
            Assert.Throws<LeaseException>(() => writer.ClaimOwned());
            Assert.Throws<LeaseException>(() => writer.ClaimBatch(4).Dispose());
            claim.Value = 7;
            claim.Publish();
        }
        Assert.Equal(4, channel.Statistics.Misuses);
        using var lease = channel.Reader.Take();
        Assert.Equal(7, lease.Value);
    }

    [Theory]
    [InlineData(ChannelMode.Spsc)]
    [InlineData(ChannelMode.Mpmc)]
    public async Task TakeBatch_EmptyChannel_SleepsUntilTheFirstMessage(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, new SlabChannelOptions { Idle = IdleStrategy.Park });
        var take = Hang.Start(() =>
        {
            using var batch = channel.Reader.TakeBatch(8);
            return (batch.Count, batch[0]);
        });
        Hang.UntilWaiting(channel.Core.Items);
        channel.Writer.Publish(7);
        Assert.Equal((1, 7L), await take.Guard());
    }

    [Fact]
    public void TakeBatch_SampledChannel_GivesAllOfIt()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { LatencySampling = 1 });
        for (var i = 1; i <= 3; i++)
            channel.Writer.Publish(i);
        using var batch = channel.Reader.TakeBatch(8);
        Assert.Equal((3, 1L, 3L), (batch.Count, batch[0], batch[2]));
    }

    /// <summary>A slot has 20 direct leases; what is leased more often stands in a record of its own, and in a batch of its own.</summary>
    [Fact]
    public void TakeBatch_MessageLeasedVeryOften_ComesInABatchOfItsOwn()
    {
        using var channel = SlabChannel.CreateBroadcast<Words125>();
        using var first = channel.OpenReader();
        using var second = channel.OpenReader();
        var third = channel.OpenReader();
        for (var i = 1; i <= 2; i++)
            channel.Writer.Publish(i, static (ref Words125 slot, int value) => slot[0] = value);
        first.Take().Dispose();
        List<Lease<Words125>> many = [first.Take()];
        for (var i = 0; i < 30; i++)
            many.Add(many[0].Retain());

        using (var batch = second.TakeBatch(8))
            Assert.Equal((1, 1L), (batch.Count, batch[0][0]));
        using (var batch = second.TakeBatch(8))
            Assert.Equal((1, 2L), (batch.Count, batch[0][0]));
        Assert.False(second.TryTakeBatch(8, out _));
        third.TakeBatch(8).Dispose();
        third.Dispose(); // with the second message kept for its next batch
        Assert.Equal(1, channel.Statistics.HeldLeases); // messages, each with any number of leases
        var last = many[^1];
        many.ForEach(lease => lease.Dispose());
        Assert.Equal(0, channel.Statistics.HeldLeases);
        Assert.Throws<LeaseException>(() => last.Value);
        Assert.Throws<LeaseException>(() => last.Dispose());
        Assert.Throws<LeaseException>(() => last.Retain());
    }

    [Fact]
    public void TakeBatch_FirstMessageLeasedVeryOften_IsThatMessage()
    {
        using var channel = SlabChannel.CreateBroadcast<Words125>();
        using var first = channel.OpenReader();
        using var second = channel.OpenReader();
        channel.Writer.Publish(7, static (ref Words125 slot, int value) => slot[0] = value);
        List<Lease<Words125>> many = [first.Take()];
        for (var i = 0; i < 30; i++)
            many.Add(many[0].Retain());
        using (var batch = second.TakeBatch(8))
            Assert.Equal((1, 7L), (batch.Count, batch[0][0]));
        many.ForEach(lease => lease.Dispose());
    }
}
