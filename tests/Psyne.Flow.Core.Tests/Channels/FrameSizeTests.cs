namespace Psyne.Flow.Tests.Channels;

public sealed class FrameSizeTests
{
    [Theory]
    [InlineData(ChannelMode.Spsc, 1, false)]
    [InlineData(ChannelMode.Spsc, 16, false)]
    [InlineData(ChannelMode.Spsc, 17, false)]
    [InlineData(ChannelMode.Spsc, 112, false)]
    [InlineData(ChannelMode.Spsc, 240, false)]
    [InlineData(ChannelMode.Spsc, 241, true)]
    [InlineData(ChannelMode.Mpmc, 48, false)]
    [InlineData(ChannelMode.Mpmc, 112, false)]
    [InlineData(ChannelMode.Mpmc, 113, true)]
    public void Frames_OfEveryCell_KeepTheirBytes(ChannelMode mode, int maximum, bool pooled)
    {
        using var channel = SlabChannel.CreateFrames(mode, maximum, new SlabChannelOptions { Capacity = 4 });
        var bytes = new byte[maximum];
        for (var round = 0; round < 9; round++)
        {
            Array.Fill(bytes, (byte)(round + 1));
            channel.Writer.Publish(bytes);
            using var lease = channel.Reader.Take();
            Assert.Equal(bytes, lease.Bytes.ToArray());
        }
        Assert.Equal(pooled, channel.IsPooled);
    }
}
