namespace Psyne.Flow.Tests.Tensors;

public sealed unsafe class TensorHeaderTests
{
    private const int HeaderWords = 16;

    [Theory]
    [InlineData(0, 99L, "99 dimensions")]
    [InlineData(0, -1L, "-1 dimensions")]
    [InlineData(1, 1000L, "2000 elements")]
    public void Header_OverwrittenWithNonsense_IsRefused(int word, long value, string named)
    {
        using var channel = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, maximumElements: 8);
        using var claim = channel.Writer.Claim([4, 2]);
        fixed (int* elements = claim.Span)
            ((long*)elements)[word - HeaderWords] = value;
        var error = Assert.Throws<InvalidDataException>(() => claim.Tensor.FlattenedLength);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
