using Psyne.Flow.Diagnostics;

namespace Psyne.Flow.Tests.Contracts;

public abstract partial class ChannelContract
{
    [Fact]
    public void Statistics_DuringTraffic_SayWhatHappened()
    {
        using var channel = Open(Options(4) with { Name = "the name" });
        for (var i = 0; i < 3; i++)
            channel.Writer.Write(i);
        using var lease = channel.Reader.Take();
        var statistics = channel.Channel.Statistics;
        Assert.Equal("the name", statistics.Name);
        Assert.Equal(mode, statistics.Mode);
        Assert.Equal(4, statistics.Capacity);
        Assert.Equal(2, statistics.Count);
        Assert.Equal(3, statistics.Published);
        Assert.Equal(1, statistics.Producers);
        Assert.Equal(1, statistics.Consumers);
        Assert.Equal(1, statistics.HeldLeases);
        Assert.Equal(0, statistics.OpenClaims);
        Assert.Equal(0, statistics.Drops);
        Assert.Equal(0, statistics.Misuses);
        Assert.Equal(channel.Channel.Slab.Length, statistics.SlabBytes);
        Assert.False(statistics.IsClosed);
        Assert.Null(statistics.Latency);
        Assert.Contains("the name", statistics.ToString());
        Assert.Contains("2 of 4", statistics.ToString());
        Assert.Contains(ChannelRegistry.List(), listed => listed.Id == statistics.Id && listed.Name == "the name");
        channel.Dispose();
        Assert.DoesNotContain(ChannelRegistry.List(), listed => listed.Id == statistics.Id);
    }

    [Fact]
    public void ToString_OfEachPart_NamesTheChannel()
    {
        using var channel = Open(Options(4) with { Name = "the name" });
        channel.Writer.Write(1);
        foreach (var text in new[] { channel.Channel.ToString(), channel.Writer.End.ToString(), channel.Reader.End.ToString() })
        {
            Assert.Contains("the name", text);
            Assert.Contains(mode.ToString(), text);
        }
        Assert.Contains("1 of 4", channel.Channel.ToString());
        Assert.Equal("the name", channel.Channel.Name);
        Assert.True(channel.Channel.MessageBytes > 0);
        using var other = Open();
        Assert.NotEqual(Open().Channel.Name, other.Channel.Name);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(4, 10)]
    [InlineData(3, 10)] // rounded up to 4
    public void LatencySampling_OneInSoMany_FillsTheHistogram(int oneIn, int expected)
    {
        using var channel = Open(Options(4) with { LatencySampling = oneIn });
        for (var i = 0; i < 40; i++)
        {
            channel.Writer.Write(i);
            Assert.Equal(i, channel.Reader.Next());
        }
        var latency = channel.Channel.Statistics.Latency;
        Assert.NotNull(latency);
        Assert.Equal(expected, latency.Count);
        Assert.True(latency.Max > 0);
    }
}
