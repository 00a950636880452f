using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>Which slots a pooled channel uses, and what its one producer's claims do when they travel.</summary>
public sealed class SlotsInTurnTests
{
    // 1,024 bytes a slot: 8 MiB are 8,192 of them.
    private const int InTurn = 8192;

    private static unsafe int SlotsUsed(ChannelMode mode, int messages)
    {
        using var channel = SlabChannel.Create<Words125>(mode, new SlabChannelOptions { Capacity = 4 * InTurn });
        Assert.True(channel.IsPooled);
        using var writer = channel.OpenWriter();
        using var reader = channel.OpenReader();
        var used = new HashSet<nint>();
        for (var i = 0; i < messages; i++)
        {
            Assert.True(writer.TryPublish(default));
            Assert.True(reader.TryTake(out var lease));
            fixed (Words125* message = &lease.Value)
                used.Add((nint)message);
            lease.Dispose();
        }
        return used.Count;
    }

    [Theory]
    [InlineData(ChannelMode.Spsc, InTurn)]
    [InlineData(ChannelMode.Spmc, InTurn)]
    [InlineData(ChannelMode.Mpsc, 1)]
    [InlineData(ChannelMode.Mpmc, 1)]
    public void Slots_OneMessageAtATime_TakeTurnsWithOneProducer(ChannelMode mode, int slots) =>
        Assert.Equal(slots, SlotsUsed(mode, 3 * InTurn));

    [Fact]
    public async Task Claims_AbortedElsewhere_WakeTheProducer()
    {
        using var channel = SlabChannel.CreateSpsc<Words125>(new SlabChannelOptions { Capacity = 2 });
        var first = channel.Writer.ClaimOwned();
        var second = channel.Writer.ClaimOwned();
        for (var i = 0; i < 100; i++)
        {
            Assert.False(channel.Writer.TryClaimOwned(out _));
            var claim = Hang.Start(() => channel.Writer.ClaimOwned());
            Hang.UntilWaiting(channel.Core.Space);
            first.Dispose();
            first = second;
            second = await claim.Guard();
        }
        first.Publish();
        second.Dispose();
        Assert.Equal(0, channel.Statistics.OpenClaims);
        Assert.Equal(1, channel.Count);
    }

    [Fact]
    public async Task Claim_AwaitedRoom_ComesWithAReleaseElsewhere()
    {
        using var channel = SlabChannel.CreateSpmc<Words125>(new SlabChannelOptions { Capacity = 3 });
        for (var round = 0; round < 200; round++)
        {
            while (channel.Writer.TryPublish(default)) { }
            var room = channel.Writer.WaitToClaimAsync();
            var taken = Hang.Start(() =>
            {
                for (var i = 0; i < 3; i++)
                    channel.Reader.Take().Dispose();
            });
            // The producer refills its magazine while the consumer's signals look for what is free.
            var claimed = channel.Writer.TryClaimOwned(out var claim);
            Assert.True(await room.Guard());
            await taken.Guard();
            if (claimed)
                claim.Dispose();
        }
    }

    [Fact]
    public async Task Copies_PublishedByTwoAtOnce_OneIsRefusedAndTheChannelEnds()
    {
        for (var round = 0; round < 200; round++)
        {
            using var channel = SlabChannel.CreateSpsc<Words125>(new SlabChannelOptions { Capacity = 2 });
            var claim = channel.Writer.ClaimOwned();
            using var start = new Barrier(2);
            bool Publishes()
            {
                start.SignalAndWait();
                try
                {
                    claim.Publish();
                    return true;
                }
                catch (LeaseException)
                {
                    return false;
                }
            }
            var other = Hang.Start(Publishes);
            var mine = Publishes();
            Assert.NotEqual(mine, await other.Guard());
            channel.Writer.Complete();
            channel.Reader.Take().Dispose();
            await channel.Completion.Guard();
            Assert.Equal(1, channel.Statistics.Misuses);
        }
    }

    [Fact]
    public async Task Ends_HandedToAnotherThread_GoOnWithTheSameSlots()
    {
        using var channel = SlabChannel.CreateSpsc<Words125>(new SlabChannelOptions { Capacity = 4 });
        for (var i = 0; i < 50; i++)
            await Hang.Start(() =>
            {
                using var writer = channel.OpenWriter();
                for (var j = 0; j < 4; j++)
                    writer.Publish(default);
                Assert.False(writer.TryClaimOwned(out _));
                for (var j = 0; j < 4; j++)
                    channel.Reader.Take().Dispose();
            }).Guard();
        Assert.Equal(0, channel.Count);
    }
}
