using Psyne.Flow.Memory;

namespace Psyne.Flow.Tests.Uris;

/// <summary>What the options of memory:// set, and what is refused of a channel that is there.</summary>
public sealed class OpenOptionTests
{
    private static SlabChannelOptions Of(string name, string options)
    {
        using var channel = SlabChannel.Open<long>($"memory://{name}?{options}");
        return channel.Core.Options;
    }

    [Fact]
    public void Open_EveryOption_SetsItsProperty()
    {
        var full = Of("every-option", "mode=mpsc&capacity=8&bytes=1KiB&full=adaptive&patience=5ms&recovery=2s&idle=spin&backing=pinnedarray&sampling=4&trackleases=true");
        Assert.Equal(new SlabChannelOptions
        {
            Name = "every-option", Capacity = 8, CapacityBytes = 1024, FullMode = FullMode.Adaptive, Idle = IdleStrategy.Spin, Backing = SlabBacking.PinnedArray,
            Adaptive = new AdaptivePolicy { Patience = TimeSpan.FromMilliseconds(5), Recovery = TimeSpan.FromSeconds(2) }, LatencySampling = 4, TrackLeases = true,
        }, full);
        var large = Of("other-options", "mode=broadcast&idle=park&sizefactor=1&hugepages=false&readers=3&trackleases=false");
        Assert.Equal(new SlabChannelOptions { Name = "other-options", Idle = IdleStrategy.Park, SizeFactor = 1, Readers = 3 }, large);
        Assert.Equal(new SlabChannelOptions { Name = "laned", Lanes = 5 }, Of("laned", "mode=mpmc&lanes=5"));
        Assert.Equal(IdleStrategy.Balanced, Of("balanced", "idle=balanced").Idle);
    }

    [Fact]
    public void Open_TrackLeases_SaysWhereALeaseWasTaken()
    {
        using var channel = SlabChannel.Open<long>("memory://tracked?trackleases=true");
        channel.Writer.Publish(1);
        var lease = channel.Reader.Take();
        lease.Dispose();
        Assert.Contains(nameof(Open_TrackLeases_SaysWhereALeaseWasTaken), Assert.Throws<LeaseException>(lease.Dispose).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ValueOutOfBounds_NamesIt()
    {
        var error = Assert.Throws<ChannelUriException>(() => SlabChannel.Open<long>("memory://out-of-bounds?readers=2000"));
        Assert.Contains("Readers 2000", error.Message, StringComparison.Ordinal);
        Assert.IsType<ArgumentOutOfRangeException>(error.InnerException);
    }

    [Fact]
    public void Open_MoreLanesThanThereCanBe_NamesTheBound() => Assert.Contains("Lanes 65 is outside 0 to 64",
        Assert.Throws<ChannelUriException>(() => SlabChannel.Open<long>("memory://out-of-bounds?mode=mpsc&lanes=65")).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_LanesByName_AreEachHandlesOwn()
    {
        using var first = SlabChannel.Open<long>("memory://lanes-by-name?mode=mpsc&lanes=2");
        using var second = SlabChannel.Open<long>("memory://lanes-by-name");
        first.Writer.Publish(1);
        second.Writer.Publish(2);
        using (var third = SlabChannel.Open<long>("memory://lanes-by-name"))
            Assert.Throws<ChannelRoleException>(() => third.Writer);
        second.Dispose();
        using var fourth = SlabChannel.Open<long>("memory://lanes-by-name");
        fourth.Writer.Publish(3);
        Assert.Equal(3, first.Count);
    }

    [Fact]
    public void OpenFrames_LargerThanAnArray_NamesTheBound() => Assert.Contains("3221225472 bytes; the most is 2147483647",
        Assert.Throws<ChannelUriException>(() => SlabChannel.OpenFrames("memory://large?frame=3GiB")).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_ChannelThatDiffers_IsRefusedWithBoth()
    {
        using var channel = SlabChannel.Open<long>("memory://there?mode=mpsc&capacity=8&full=fail");
        Refuse(() => SlabChannel.Open<int>("memory://there"), "Int32", "Int64");
        Refuse(() => SlabChannel.Open<long>("memory://there?mode=spsc"), "Spsc", "Mpsc");
        Refuse(() => SlabChannel.Open<long>("memory://there?capacity=16"), "16", "8");
        Refuse(() => SlabChannel.Open<long>("memory://there?full=dropnewest"), "DropNewest", "Fail");
        Refuse(() => SlabChannel.Open<long>("memory://there?lanes=3"), "3 lanes", "made with 0");
        using var same = SlabChannel.Open<long>("memory://there?mode=mpsc&capacity=8&full=fail");
        Assert.Equal(channel.Statistics.Id, same.Statistics.Id);

        static void Refuse(Func<SlabChannel> open, string asked, string found)
        {
            var message = Assert.Throws<ChannelUriException>(open).Message;
            Assert.Contains(asked, message, StringComparison.Ordinal);
            Assert.Contains(found, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_NameWhoseChannelWasDisposed_MakesAnother()
    {
        long first;
        using (var channel = SlabChannel.Open<long>("memory://again?capacity=8"))
            first = channel.Statistics.Id;
        using var second = SlabChannel.Open<long>("memory://again?capacity=16");
        Assert.NotEqual(first, second.Statistics.Id);
        Assert.Equal(16, second.Capacity);
    }

    [Fact]
    public void Open_UnknownScheme_NamesThoseThatExist()
    {
        for (var attempt = 0; attempt < 2; attempt++) // looks for the package the first time only
        {
            var error = Assert.Throws<ChannelUriException>(() => SlabChannel.Open<long>("nowhere://x"));
            Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
            Assert.Contains("memory", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_ByInterface_IsTheSame()
    {
        Assert.Equal(ChannelUri.Parse("memory://x"), Parse<ChannelUri>("memory://x"));
        Assert.False(TryParse<ChannelUri>("nothing"));

        static T Parse<T>(string text) where T : IParsable<T> => T.Parse(text, null);
        static bool TryParse<T>(string text) where T : IParsable<T> => T.TryParse(text, null, out _);
    }
}
