using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Waiting;

public sealed class ChannelSelectorTests
{
    private static readonly SlabChannelOptions s_small = new() { Capacity = 4 };

    [Fact]
    public async Task Selector_ThousandsOfChannels_HandlesEveryMessageInItsChannelsOrder()
    {
        const int Channels = 2000;
        const int Messages = 5;
        var channels = Enumerable.Range(0, Channels).Select(_ => SlabChannel.CreateSpsc<int>(s_small)).ToArray();
        var next = new int[Channels];
        await using (var selector = new ChannelSelector())
        {
            var ends = channels.Select((channel, index) => selector.Add(channel.Reader, (ref readonly int message) =>
            {
                Assert.Equal(next[index], message);
                next[index]++;
            })).ToArray();
            for (var message = 0; message < Messages; message++)
                foreach (var channel in channels)
                    channel.Writer.Publish(message);
            foreach (var channel in channels)
                channel.Complete();
            foreach (var end in ends)
                await end.Completion.Guard();
            Assert.Equal(0, selector.Count);
        }
        Assert.All(next, count => Assert.Equal(Messages, count));
        foreach (var channel in channels)
            channel.Dispose();
    }

    [Fact]
    public async Task Selector_AHandlerThatThrows_EndsItsOwnSubscriptionOnly()
    {
        using var bad = SlabChannel.CreateSpsc<int>(s_small);
        using var good = SlabChannel.CreateSpsc<int>(s_small);
        await using var selector = new ChannelSelector();
        var failing = selector.Add(bad.Reader, static (ref readonly int _) => throw new InvalidOperationException("no"));
        var handled = 0;
        var working = selector.Add(good.Reader, (ref readonly int message) => handled += message);
        bad.Writer.Publish(1);
        bad.Writer.Publish(2);
        good.Writer.Publish(3);
        good.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Completion.Guard());
        await working.Completion.Guard();
        Assert.Equal(3, handled);
        Assert.Equal(1, bad.Count);
    }

    [Fact]
    public async Task Selector_OnAWorkerPool_RunsItsHandlersThere()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "handlers", Workers = 2 });
        using var channel = SlabChannel.CreateFrames(ChannelMode.Spsc, 64);
        await using var selector = new ChannelSelector(pool);
        string? thread = null;
        var end = selector.Add(channel.Reader, _ => thread = Thread.CurrentThread.Name);
        channel.Writer.Publish("hello");
        channel.Complete();
        await end.Completion.Guard();
        Assert.StartsWith("handlers/", thread, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_Disposed_LeavesLaterMessages()
    {
        using var channel = SlabChannel.CreateMpsc<float>(shape: [2]);
        await using var selector = new ChannelSelector();
        var handled = 0;
        var end = selector.Add(channel.Reader, _ => handled++);
        end.Dispose();
        await end.Completion.Guard();
        channel.Writer.Claim().Publish();
        Assert.Equal(0, handled);
        Assert.Equal(1, channel.Count);
    }

    [Fact]
    public async Task ToString_NamesItAndCountsItsChannels()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        await using var selector = new ChannelSelector(name: "listed");
        using var subscription = selector.Add(channel.Reader, (ref readonly int _) => { });
        Assert.Contains("1 channel", selector.ToString(), StringComparison.Ordinal);
        Assert.Contains("listed", selector.ToString(), StringComparison.Ordinal);
    }
}
