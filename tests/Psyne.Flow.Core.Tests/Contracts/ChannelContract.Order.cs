namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public void Take_AfterManyLaps_GivesOrderAndExactContent()
    {
        using var channel = Open(capacity: 4);
        var (written, read) = (0L, 0L);
        var random = new Random(1);
        while (read < 200)
        {
            for (var burst = random.Next(1, 5); burst > 0 && written - read < channel.Channel.Capacity; burst--)
                channel.Writer.Write(written++);
            Assert.Equal(written - read, channel.Channel.Count);
            for (var burst = random.Next(1, 5); burst > 0 && read < written; burst--)
                Assert.Equal(read++, channel.Reader.Next());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void TryClaim_UntilFull_HoldsTheCapacityExactly(int asked)
    {
        using var channel = Open(asked);
        var capacity = channel.Channel.Capacity;
        Assert.Equal(channel.Channel.IsPooled ? asked : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)asked), capacity);
        for (var lap = 0L; lap < 3; lap++)
        {
            Assert.Equal(capacity, Fill(channel, lap * 1000));
            Assert.Equal(capacity, channel.Channel.Count);
            Assert.False(channel.Writer.TryClaim(9, out _));
            Assert.Equal(lap * 1000, channel.Reader.Next());
            Assert.True(channel.Writer.TryWrite(lap * 1000 + capacity));
            Assert.False(channel.Writer.TryWrite(9));
            Assert.Equal(Enumerable.Range(1, capacity).Select(i => lap * 1000 + i), channel.Reader.Drain());
        }
    }

    [Fact]
    public void TryClaim_LeasesHeld_FindsRoomOnlyOnceTheyAreDisposed()
    {
        using var channel = Open(capacity: 2);
        Assert.Equal(2, Fill(channel));
        var (first, second) = (channel.Reader.Take(), channel.Reader.Take());
        Assert.Equal(0, channel.Channel.Count);
        Assert.Equal(2, channel.Channel.Statistics.HeldLeases);
        Assert.False(channel.Writer.TryWrite(9));
        first.Dispose();
        Assert.True(channel.Writer.TryWrite(7));
        Assert.False(channel.Writer.TryWrite(9));
        second.Dispose();
        Assert.True(channel.Writer.TryWrite(8));
        Assert.Equal([7, 8], channel.Reader.Drain());
    }

    [Fact]
    public void Count_OfChannelAndReader_FollowsTraffic()
    {
        using var channel = Open(capacity: 8);
        for (var i = 1; i <= 5; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(i, channel.Channel.Count);
            Assert.Equal(i, channel.Reader.End.Count);
        }
        channel.Reader.Next();
        Assert.Equal(4, channel.Channel.Count);
        Assert.Equal(4, channel.Reader.End.Count);
    }
}
