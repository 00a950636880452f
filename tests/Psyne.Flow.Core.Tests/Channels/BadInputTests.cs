using System.Globalization;

namespace Psyne.Flow.Tests.Channels;

/// <summary>Each bound: which exception, and that its text says the value and the bound.</summary>
public sealed class BadInputTests
{
    private static readonly Dictionary<string, (Func<object?> Use, Type Error, string[] Texts)> s_cases = new()
    {
        ["capacity 0"] = (static () => new SlabChannelOptions { Capacity = 0 }, Range, ["Capacity", "0", "1 to 4194304"]),
        ["capacity negative"] = (static () => new SlabChannelOptions { Capacity = -5 }, Range, ["-5", "1 to 4194304"]),
        ["capacity above"] = (static () => new SlabChannelOptions { Capacity = 4194305 }, Range, ["4194305", "1 to 4194304"]),
        ["capacity by with"] = (static () => new SlabChannelOptions() with { Capacity = int.MinValue }, Range, ["-2147483648", "4194304"]),
        ["bytes negative"] = (static () => new SlabChannelOptions { CapacityBytes = -1 }, Range, ["CapacityBytes", "-1", "0"]),
        ["bytes below a ring slot"] = (static () => Spsc<long>(new() { CapacityBytes = 15 }), Range, ["CapacityBytes 15", "16 bytes"]),
        ["bytes below a pooled slot"] = (static () => Spsc<Contracts.Words125>(new() { CapacityBytes = 1000 }), Range, ["CapacityBytes 1000", "1024 bytes"]),
        ["full mode"] = (static () => new SlabChannelOptions { FullMode = (FullMode)9 }, Range, ["FullMode 9", "Wait", "Adaptive"]),
        ["backing"] = (static () => new SlabChannelOptions { Backing = (SlabBacking)7 }, Range, ["Backing 7", "Native", "PinnedArray"]),
        ["size factor"] = (static () => new SlabChannelOptions { SizeFactor = -2 }, Range, ["SizeFactor -2", "-1"]),
        ["size factor too small"] = (static () => Spsc<Contracts.Words125>(new() { SizeFactor = 0, Capacity = 40_000 }), Range, ["SizeFactor 0", "33554432", "needs"]),
        ["size factor beyond memory"] = (static () => Spsc<long>(new() { SizeFactor = int.MaxValue }), Range, ["2147483647"]),
        ["larger than memory"] = (static () => SlabChannel.CreateFrames(ChannelMode.Spsc, 1 << 30, new() { Capacity = 1 << 22 }), Range, ["bytes"]),
        ["readers 0"] = (static () => new SlabChannelOptions { Readers = 0 }, Range, ["Readers 0", "1 to 1024"]),
        ["readers above"] = (static () => new SlabChannelOptions { Readers = 1025 }, Range, ["1025", "1 to 1024"]),
        ["lanes negative"] = (static () => new SlabChannelOptions { Lanes = -1 }, Range, ["Lanes -1", "0 to 64"]),
        ["lanes above"] = (static () => new SlabChannelOptions { Lanes = 65 }, Range, ["Lanes 65", "0 to 64"]),
        ["lanes of one producer"] = (static () => Spsc<long>(new() { Lanes = 2 }), typeof(ArgumentException), ["Lanes 2", "Spsc", "Mpsc", "Mpmc"]),
        ["lanes of one producer to many"] = (static () => SlabChannel.CreateSpmc<long>(new() { Lanes = 2 }), typeof(ArgumentException), ["Lanes 2", "Spmc"]),
        ["lanes of a broadcast"] = (static () => SlabChannel.CreateBroadcast<long>(new() { Lanes = 3 }), typeof(ArgumentException), ["Lanes 3", "Broadcast"]),
        ["lanes that drop the oldest"] = (static () => SlabChannel.CreateMpsc<long>(new() { Lanes = 3, FullMode = FullMode.DropOldest }), typeof(ArgumentException), ["Lanes 3", "DropOldest"]),
        ["lanes of large messages"] = (static () => SlabChannel.CreateMpmc<Contracts.Words125>(new() { Lanes = 4 }), typeof(ArgumentException), ["Lanes 4", "1000 B", "256 bytes"]),
        ["lanes of frames"] = (static () => SlabChannel.CreateFrames(ChannelMode.Mpsc, 40, new() { Lanes = 4 }), typeof(ArgumentException), ["Lanes 4", "frames"]),
        ["lanes of long frames"] = (static () => SlabChannel.CreateFrames(ChannelMode.Mpsc, 4000, new() { Lanes = 4 }), typeof(ArgumentException), ["Lanes 4", "frames"]),
        ["lanes of tensors"] = (static () => SlabChannel.Create<float>(ChannelMode.Mpsc, [2], new() { Lanes = 4 }), typeof(ArgumentException), ["Lanes 4", "tensors"]),
        ["lanes with sampling"] = (static () => SlabChannel.CreateMpsc<long>(new() { Lanes = 4, LatencySampling = 16 }), typeof(ArgumentException), ["Lanes 4", "LatencySampling 16"]),
        ["bytes below a slot a lane"] = (static () => SlabChannel.CreateMpsc<long>(new() { Lanes = 4, CapacityBytes = 63 }), Range, ["CapacityBytes 63", "64 bytes"]),
        ["sampling"] = (static () => new SlabChannelOptions { LatencySampling = -1 }, Range, ["LatencySampling -1", "0"]),
        ["adaptive null"] = (static () => new SlabChannelOptions { Adaptive = null! }, typeof(ArgumentNullException), ["Adaptive"]),
        ["patience"] = (static () => new AdaptivePolicy { Patience = TimeSpan.FromSeconds(-1) }, Range, ["Patience -00:00:01", "2147483647"]),
        ["recovery"] = (static () => new AdaptivePolicy { Recovery = TimeSpan.FromDays(300) }, Range, ["Recovery 300.00:00:00", "2147483647"]),
        ["turns"] = (static () => new ListenerOptions { MaxMessagesPerTurn = 0 }, Range, ["MaxMessagesPerTurn 0", "1"]),
        ["mode"] = (static () => SlabChannel.Create<long>((ChannelMode)5), Range, ["Mode 5", "Spsc", "Broadcast"]),
        ["mode of frames"] = (static () => SlabChannel.CreateFrames((ChannelMode)(-1)), Range, ["Mode -1", "Spsc"]),
        ["mode of tensors"] = (static () => SlabChannel.Create<float>((ChannelMode)8, [1]), Range, ["Mode 8"]),
        ["mode of shaped tensors"] = (static () => SlabChannel.CreateTensors<float>((ChannelMode)8, 1), Range, ["Mode 8"]),
        ["frame maximum 0"] = (static () => SlabChannel.CreateFrames(ChannelMode.Spsc, 0), Range, ["0", "1 to 1073741824"]),
        ["frame maximum above"] = (static () => SlabChannel.CreateFrames(ChannelMode.Spsc, (1 << 30) + 1), Range, ["1073741825", "1 to 1073741824"]),
        ["dimension negative"] = (static () => SlabChannel.CreateSpsc<float>([3, -4]), Range, ["[3, -4]", "-4", "0"]),
        ["shape overflows"] = (static () => SlabChannel.CreateSpsc<float>([nint.MaxValue, nint.MaxValue]), Range, [nint.MaxValue.ToString(CultureInfo.InvariantCulture), "17592186044416"]),
        ["shape overflows by little"] = (static () => SlabChannel.CreateSpsc<double>([(nint)1 << 32, (nint)1 << 32]), Range, ["4294967296", "8796093022208"]),
        ["elements 0"] = (static () => SlabChannel.CreateTensors<float>(ChannelMode.Spsc, 0), Range, ["0", "1 to 17592186044416"]),
        ["elements above"] = (static () => SlabChannel.CreateTensors<float>(ChannelMode.Spsc, nint.MaxValue), Range, ["1 to 17592186044416"]),
        ["element type"] = (static () => SlabChannel.CreateSpsc<decimal>([2]), typeof(NotSupportedException), ["Decimal", "Single", "BFloat16", "Int64"]),
        ["element type of shaped"] = (static () => SlabChannel.CreateTensors<char>(ChannelMode.Mpsc, 2), typeof(NotSupportedException), ["Char"]),
    };

    private static Type Range => typeof(ArgumentOutOfRangeException);

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static SlabChannel<T> Spsc<T>(SlabChannelOptions options) where T : unmanaged => SlabChannel.CreateSpsc<T>(options);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Option_OutsideItsBounds_SaysValueAndBound(string name)
    {
        var (use, type, texts) = s_cases[name];
        var error = Assert.Throws(type, use);
        Assert.All(texts, text => Assert.Contains(text, error.Message));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void FrameClaim_LengthOutsideItsBounds_SaysValueAndBoundAndTakesNothing(int length)
    {
        using var channel = SlabChannel.CreateFrames(ChannelMode.Spsc, 100, new() { Name = "frames" });
        foreach (var use in new Action[]
        {
            () => channel.Writer.Claim(length),
            () => channel.Writer.TryClaim(length, out _),
            () => channel.Writer.TryClaim(length, TimeSpan.Zero, out _),
        })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(use);
            Assert.Contains($"{length} bytes", error.Message);
            Assert.Contains("0 to 100", error.Message);
            Assert.Contains("frames", error.Message);
        }
        using (var claim = channel.Writer.Claim(100))
        {
            Assert.Contains("0 to 100", Assert.Throws<ArgumentOutOfRangeException>(() => claim.SetLength(length)).Message);
            Assert.Equal(100, claim.Length);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Publish(new byte[101]));
        Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Publish(new string('é', 51)));
        Assert.Equal(0, channel.Count);
        Assert.Equal(0, channel.Statistics.OpenClaims);
        channel.Writer.Publish(new string('é', 50));
        using var lease = channel.Reader.Take();
        Assert.Equal(new string('é', 50), lease.GetText());
    }

    [Fact]
    public void TensorClaim_OtherShape_SaysBothAndTakesNothing()
    {
        using var channel = SlabChannel.CreateSpsc<float>([2, 3], new() { Capacity = 1 });
        Assert.Contains("[3, 2]", Assert.Throws<ArgumentException>(() => channel.Writer.Claim([3, 2])).Message);
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => channel.Writer.TryClaim([6], TimeSpan.Zero, out _)).Message);
        using var claim = channel.Writer.Claim([2, 3]);
        Assert.True(claim.IsOpen);
    }

    [Fact]
    public void TensorClaim_ShapeThatDoesNotFit_SaysBothAndTakesNothing()
    {
        using var channel = SlabChannel.CreateTensors<short>(ChannelMode.Spsc, 12, new() { Capacity = 1, Name = "shaped" });
        Assert.Throws<InvalidOperationException>(() => channel.Writer.Claim());
        Assert.Throws<InvalidOperationException>(() => channel.Writer.TryClaim(out _));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Claim([3, 5]));
        Assert.Contains("15 elements", error.Message);
        Assert.Contains("12 at most", error.Message);
        Assert.Contains("-1", Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Claim([3, -1])).Message);
        Assert.Contains("most is 15", Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Claim(Enumerable.Repeat((nint)1, 16).ToArray())).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => channel.Writer.Claim([nint.MaxValue, 2]));
        using var claim = channel.Writer.Claim([3, 4]);
        Assert.Equal(12, claim.Span.Length);
    }

    [Fact]
    public void Listen_NullHandler_Throws()
    {
        using var channel = SlabChannel.CreateSpsc<long>();
        Assert.Throws<ArgumentNullException>(() => channel.Reader.Listen(null!));
        using var frames = SlabChannel.CreateFrames(ChannelMode.Spsc);
        Assert.Throws<ArgumentNullException>(() => frames.Reader.Listen(null!));
        using var tensors = SlabChannel.CreateSpsc<float>([1]);
        Assert.Throws<ArgumentNullException>(() => tensors.Reader.Listen(null!));
    }

    [Theory]
    [InlineData(80, 4)] // 5 slots of 16 bytes: a ring has 4
    [InlineData(16, 1)]
    [InlineData(1 << 20, 100)] // 128
    public void CapacityBytes_OfARing_IsKept(long bytes, int slots)
    {
        using var channel = SlabChannel.CreateSpsc<long>(new() { Capacity = 100, CapacityBytes = bytes });
        Assert.Equal(slots == 100 ? 128 : slots, channel.Capacity);
        using var pooled = SlabChannel.CreateSpsc<Contracts.Words125>(new() { Capacity = 100, CapacityBytes = 5 * 1024 + 7 });
        Assert.Equal(5, pooled.Capacity);
    }
}
