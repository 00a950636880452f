using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Tensors;

public sealed class TensorPublishTests
{
    [Fact]
    public void Publish_ElementsOfTheShape_AreCopied()
    {
        using var channel = SlabChannel.CreateMpsc<float>(shape: [2, 3]);
        channel.Writer.Publish([1, 2, 3, 4, 5, 6]);
        channel.Writer.Publish([7, 8, 9, 10, 11, 12], [2, 3]);
        using (var lease = channel.Reader.Take())
            Assert.Equal(6, lease.Tensor[1, 2]);
        using (var lease = channel.Reader.Take())
            Assert.Equal([7, 8, 9, 10, 11, 12], lease.Span.ToArray());
    }

    [Fact]
    public void Publish_WithItsOwnShape_CarriesIt()
    {
        using var channel = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, maximumElements: 6);
        channel.Writer.Publish([1, 2, 3, 4, 5, 6], [3, 2]);
        channel.Writer.Publish([7], []);
        channel.Writer.Publish([], [0, 5]);
        using (var lease = channel.Reader.Take())
            Assert.Equal((2, 6), (lease.Tensor.Rank, lease.Tensor[2, 1]));
        using (var scalar = channel.Reader.Take())
            Assert.Equal([7], scalar.Span.ToArray());
        using (var empty = channel.Reader.Take())
            Assert.Equal([0, 5], empty.Tensor.Lengths.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(7)]
    public void Publish_TooFewOrTooMany_NamesBothAndClaimsNothing(int elements)
    {
        using var channel = SlabChannel.CreateSpsc<int>(shape: [2, 3]);
        var error = Assert.Throws<ArgumentException>(() => channel.Writer.Publish(new int[elements]));

        Assert.Contains($"{elements} elements", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3], which has 6", error.Message, StringComparison.Ordinal);
        Assert.Equal("elements", error.ParamName);
        Assert.Equal((0L, 0), (channel.Count, channel.Statistics.OpenClaims));
    }

    [Fact]
    public void Publish_WrongShape_IsRefused()
    {
        using var shaped = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, maximumElements: 6);
        Assert.Throws<InvalidOperationException>(() => shaped.Writer.Publish([1]));
        Assert.Contains("2 elements", Assert.Throws<ArgumentException>(() => shaped.Writer.Publish([1, 2], [3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => shaped.Writer.Publish(new int[8], [8]));
        using var plain = SlabChannel.CreateSpsc<int>(shape: [2]);
        Assert.Throws<ArgumentException>(() => plain.Writer.Publish([1, 2], [1, 2]));
        Assert.Equal((0L, 0L), (shaped.Count, plain.Count));
    }

    [Fact]
    public async Task Publish_FullChannel_WaitsAndCanBeCancelled()
    {
        using var channel = SlabChannel.CreateSpsc<int>([1], new SlabChannelOptions { Capacity = 1, Idle = IdleStrategy.Park });
        using var cancellation = new CancellationTokenSource();
        channel.Writer.Publish([1]);
        var publish = Hang.Start(() => channel.Writer.Publish([2], cancellation.Token));
        Hang.UntilWaiting(channel.Core.Space);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish.Guard());
        channel.Reader.Take().Dispose();
        channel.Writer.Publish([3]);
        using var lease = channel.Reader.Take();
        Assert.Equal(3, lease.Span[0]);
    }
}
