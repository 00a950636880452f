using Xunit;

namespace Psyne.Flow.Tests.Uris;

public sealed class ChannelUriOptionTests
{
    private enum Mode
    {
        Spsc,
        Mpsc,
        Broadcast = 7,
    }

    private static ChannelUri With(string value) => ChannelUri.Parse($"memory://a?key={value}");

    private static void AssertWrong(Action read, params string[] said)
    {
        var error = Assert.Throws<ChannelUriException>(read);
        Assert.All(said, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Contains("The option 'key' of the channel URI must be ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Getters_KeyMissing_GiveNull()
    {
        var uri = ChannelUri.Parse("memory://a");
        Assert.Null(uri.GetEnum<Mode>("key"));
        Assert.Null(uri.GetCapacity());
        Assert.Null(uri.GetBytes("key"));
        Assert.Null(uri.GetTimeSpan("key"));
        Assert.Null(uri.GetBool("key"));
        Assert.Null(uri.GetString("key"));
    }

    [Theory]
    [InlineData("spsc", 0)]
    [InlineData("MPSC", 1)]
    [InlineData("broadCast", 7)]
    public void GetEnum_Name_IsReadInAnyCase(string value, int expected) =>
        Assert.Equal((Mode)expected, With(value).GetEnum<Mode>("KEY"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("spsc,mpsc")]
    [InlineData("+1")]
    [InlineData("ring")]
    public void GetEnum_NoName_ListsTheNames(string value) =>
        AssertWrong(() => With(value).GetEnum<Mode>("key"), "one of spsc, mpsc, broadcast", $"it is '{value}'");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("4096", 4096)]
    [InlineData("1073741824", 1 << 30)]
    public void GetCapacity_InRange_IsRead(string value, int expected) => Assert.Equal(expected, With(value).GetCapacity("key"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("1073741825")]
    [InlineData("99999999999999999999")]
    public void GetCapacity_OutOfRange_NamesTheBounds(string value) =>
        AssertWrong(() => With(value).GetCapacity("key"), "from 1 to 1073741824", $"it is '{value}'");

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("4096", 4096L)]
    [InlineData("4096B", 4096L)]
    [InlineData("64KiB", 64L << 10)]
    [InlineData("1MiB", 1L << 20)]
    [InlineData("3GiB", 3L << 30)]
    [InlineData("8388607TiB", 8388607L << 40)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void GetBytes_WithUnits_IsRead(string value, long expected) => Assert.Equal(expected, With(value).GetBytes("key"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("KiB")]
    [InlineData("1KB")]
    [InlineData("1kib")]
    [InlineData("1.5MiB")]
    [InlineData("1%20KiB")]
    [InlineData("8388608TiB")]
    [InlineData("9223372036854775808")]
    public void GetBytes_Wrong_NamesTheUnits(string value) =>
        AssertWrong(() => With(value).GetBytes("key"), "B, KiB, MiB, GiB and TiB", "9223372036854775807");

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("00", 0.0)]
    [InlineData("5us", 0.005)]
    [InlineData("250ms", 250.0)]
    [InlineData("2s", 2000.0)]
    [InlineData("3min", 180_000.0)]
    [InlineData("1h", 3_600_000.0)]
    [InlineData("infinite", -1.0)]
    [InlineData("Infinite", -1.0)]
    public void GetTimeSpan_WithUnits_IsRead(string value, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), With(value).GetTimeSpan("key"));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5ms")]
    [InlineData("1.5s")]
    [InlineData("ms")]
    [InlineData("5 ms")]
    [InlineData("5S")]
    [InlineData("00:00:05")]
    [InlineData("9223372036854775807h")]
    [InlineData("99999999999999999999us")]
    public void GetTimeSpan_Wrong_NamesTheUnits(string value) =>
        AssertWrong(() => With(value.Replace(" ", "%20", StringComparison.Ordinal)).GetTimeSpan("key"), "us, ms, s, min and h, or infinite", $"it is '{value}'");

    [Theory]
    [InlineData("true", true)]
    [InlineData("FALSE", false)]
    public void GetBool_TrueOrFalse_IsRead(string value, bool expected) => Assert.Equal(expected, With(value).GetBool("key"));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("yes")]
    public void GetBool_Else_SaysWhatIsAllowed(string value) => AssertWrong(() => With(value).GetBool("key"), "true or false");

    [Fact]
    public void Errors_LongValue_IsCut() =>
        Assert.True(Assert.Throws<ChannelUriException>(() => With(new string('x', 1000)).GetBool("key")).Message.Length < 200);

    [Fact]
    public void ThrowIfUnknown_UnknownKey_ListsThoseThatExist()
    {
        var uri = ChannelUri.Parse("memory://a/b?Mode=spsc&capasity=4");
        var error = Assert.Throws<ChannelUriException>(() => uri.ThrowIfUnknown("mode", "capacity"));
        Assert.Equal("The option 'capasity' of memory://a/b does not exist; there are mode, capacity.", error.Message);
        uri.ThrowIfUnknown("mode", "capacity", "CAPASITY");
        Assert.Contains("there are none", Assert.Throws<ChannelUriException>(() => uri.ThrowIfUnknown()).Message, StringComparison.Ordinal);
        ChannelUri.Parse("memory://a").ThrowIfUnknown();
    }
}
