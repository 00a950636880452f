using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Psyne.Flow.Tests.Uris;

public sealed class ChannelUriTests
{
    /// <summary>A bad URI, and what the error must say.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "", "no scheme before '://'" },
        { "memory", "no scheme before '://'" },
        { "memory:/name", "no scheme before '://'" },
        { "://name", "no scheme before '://'" },
        { "me mory://name", "white space (U+0020), which is not allowed; write %20" },
        { "1memory://name", "scheme '1memory'" },
        { "mem%6Fry://name", "scheme 'mem%6Fry'" },
        { "mémoire://name", "scheme 'mémoire'" },
        { "memory://", "no name after '://'" },
        { "memory://?mode=spsc", "no name after '://'" },
        { "?x=memory://name", "scheme '?x=memory'" },
        { "memory://a#b", "a '#', which is not allowed; write %23" },
        { "memory://a\u0000b", "control character U+0000" },
        { "memory://a\nb", "control character U+000A" },
        { "memory://a%0Ab", "name of the channel URI 'memory://a%0Ab' holds the control character U+000A" },
        { "memory://a%00", "control character U+0000" },
        { "memory://a\tb", "control character U+0009" },
        { "memory://a\u00A0b", "white space (U+00A0)" },
        { "memory://a%", "holds '%', where" },
        { "memory://a%4", "holds '%4', where" },
        { "memory://a%GG", "holds '%GG', where" },
        { "memory://a%%41", "holds '%%4', where" },
        { "memory://a%FF", "not UTF-8" },
        { "memory://a%C3", "not UTF-8" },
        { "memory://a%ED%A0%80", "not UTF-8" },
        { "memory://a?", "option ''" },
        { "memory://a?mode", "option 'mode'" },
        { "memory://a?=spsc", "option '=spsc'" },
        { "memory://a?mode=spsc&", "option ''" },
        { "memory://a?mode=spsc&&size=1", "option ''" },
        { "memory://a?mo%64e=spsc", "option 'mo%64e=spsc'" },
        { "memory://a?mode=spsc&MODE=mpsc", "option 'MODE' stands in the channel URI twice" },
        { "memory://a?mode=%zz", "value of option 'mode'" },
        { "memory://a?mode=%01", "value of option 'mode' of the channel URI holds the control character U+0001" },
        { "memory://" + new string('a', 2040), "2049 characters; at most 2048" },
    };

    [Theory]
    [InlineData("memory://features", "memory", "features", "")]
    [InlineData("SHM://trainer/features?mode=spsc", "shm", "trainer/features", "mode=spsc")]
    [InlineData("tcp://*:5555", "tcp", "*:5555", "")]
    [InlineData("tcp://[::1]:5555?Capacity=4&b=", "tcp", "[::1]:5555", "b=;Capacity=4")]
    [InlineData("zmq+ipc:///tmp/x?note=a=b?c/d", "zmq+ipc", "/tmp/x", "note=a=b?c/d")]
    [InlineData("memory://a%20b%3F%23%25%C3%A9%F0%9F%98%80?k=%26%3D", "memory", "a b?#%é😀", "k=&=")]
    [InlineData("memory://é+1?k=+", "memory", "é+1", "k=+")]
    public void Parse_GoodUri_GivesItsParts(string text, string scheme, string name, string options)
    {
        var uri = ChannelUri.Parse(text);
        Assert.Equal((scheme, name), (uri.Scheme, uri.Name));
        Assert.Equal(options, string.Join(';', uri.Options.Select(option => $"{option.Key}={option.Value}")));
        Assert.Equal(uri, ChannelUri.Parse(uri.ToString()));
        Assert.True(ChannelUri.TryParse(text, out var same));
        Assert.Equal(uri, same);
        Assert.Equal(uri.GetHashCode(), same.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Parse_BadUri_NamesThePartAndWhatIsAllowed(string text, string said)
    {
        var error = Assert.Throws<ChannelUriException>(() => ChannelUri.Parse(text));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.True(error.Message.Length < 400, error.Message);
        Assert.False(ChannelUri.TryParse(text, out var none));
        Assert.Null(none);
    }

    [Fact]
    public void Parse_HalfASurrogatePair_IsRefused()
    {
        // Not in the table: test runners lose such a text on its way.
        var error = Assert.Throws<ChannelUriException>(() => ChannelUri.Parse("memory://a\uD800b"));
        Assert.Contains("half of a surrogate pair", error.Message, StringComparison.Ordinal);
        Assert.Contains("a\\uD800b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => ChannelUri.Parse(null!));
        Assert.False(ChannelUri.TryParse(null, out _));
    }

    [Fact]
    public void Parse_LongestUri_IsTaken() =>
        Assert.Equal(2039, ChannelUri.Parse("memory://" + new string('a', 2039)).Name.Length);

    [Fact]
    public void Parse_AnyText_ParsesOrSaysWhyNot() =>
        Prop.ForAll<string?>(text =>
        {
            foreach (var candidate in new[] { text ?? "", "memory://" + text, "memory://a?" + text, "memory://a?k=" + text })
            {
                try
                {
                    var uri = ChannelUri.Parse(candidate);
                    if (!uri.Equals(ChannelUri.Parse(uri.ToString())))
                    {
                        return false;
                    }
                }
                catch (ChannelUriException)
                {
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_AnyNameAndValues_RoundTrips()
    {
        var word =
            from runes in Gen.OneOf(Gen.Choose(0x20, 0x7E), Gen.Choose(0xA0, 0xD7FF), Gen.Choose(0xE000, 0xFFFF), Gen.Choose(0x1_0000, 0x10_FFFF)).ListOf()
            select string.Concat(runes.Take(20).Select(rune => new Rune(rune).ToString()));
        var key = from letters in Gen.Elements("abcxyzABCXYZ019-_.".ToCharArray()).NonEmptyListOf() select string.Concat(letters.Take(10));
        var pairs = from keys in key.ListOf() from values in word.ListOf() select keys.Take(5).Zip(values).ToArray();
        var uris =
            from scheme in Gen.Elements("memory", "SHM", "zmq+ipc", "a1.b-c")
            from name in word
            from options in pairs
            select new ChannelUri(scheme.ToLowerInvariant(), "n" + name, Distinct(options));
        Prop.ForAll(uris.ToArbitrary(), uri =>
        {
            var text = uri.ToString();
            return text.Length > ChannelUri.MaxLength
                || (text.All(char.IsAscii) && ChannelUri.Parse(text) is var back && back.Equals(uri) && back.ToString() == text);
        }).QuickCheckThrowOnFailure();

        static SortedDictionary<string, string> Distinct((string Key, string Value)[] pairs)
        {
            var options = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (key, value) in pairs)
            {
                options[key] = value;
            }

            return options;
        }
    }

    [Fact]
    public void Equals_Differences_AreSeen()
    {
        var uri = ChannelUri.Parse("memory://a?b=1&c=2");
        Assert.Equal(uri, ChannelUri.Parse("MEMORY://a?C=2&B=1"));
        Assert.NotEqual(uri, ChannelUri.Parse("memory://A?b=1&c=2"));
        Assert.NotEqual(uri, ChannelUri.Parse("shm://a?b=1&c=2"));
        Assert.NotEqual(uri, ChannelUri.Parse("memory://a?b=1&c=3"));
        Assert.NotEqual(uri, ChannelUri.Parse("memory://a?b=1&d=2"));
        Assert.NotEqual(uri, ChannelUri.Parse("memory://a?b=1"));
        Assert.False(uri.Equals((object)"memory://a"));
    }
}
