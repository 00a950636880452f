using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

public sealed class LaggedTests
{
    public static TheoryData<ChannelMode> Modes => [.. Enum.GetValues<ChannelMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Lagged_WhereNothingIsLost_IsZero(ChannelMode mode)
    {
        using var inRing = SlabChannel.Create<long>(mode);
        using var pooled = SlabChannel.Create<Words125>(mode);
        inRing.Writer.Publish(1);
        pooled.Writer.Publish(default(Words125));
        Assert.Equal((0L, 0L), (inRing.Reader.Lagged, pooled.Reader.Lagged));
    }
}
