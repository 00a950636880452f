namespace Psyne.Flow.Tests.Contracts;

/// <summary>What every channel does, whatever its mode, its messages and its memory. A leaf names the three.</summary>
public abstract partial class ChannelContract(ChannelMode mode, MessageKind kind, SlabBacking backing, int lanes = 0)
{
    private static readonly IdleStrategy Brief = new(10, 2);

    private bool OneProducer => mode is ChannelMode.Spsc or ChannelMode.Spmc;

    private bool OneConsumer => mode is ChannelMode.Spsc or ChannelMode.Mpsc;

    private protected bool Broadcasts => mode == ChannelMode.Broadcast;

    private bool Competes => mode is ChannelMode.Spmc or ChannelMode.Mpmc;

    private SlabChannelOptions Options(int capacity, FullMode fullMode = FullMode.Wait) =>
        new() { Capacity = capacity, FullMode = fullMode, Backing = backing, Idle = Brief, Lanes = lanes };

    private protected ChannelUnderTest Open(int capacity = 4, FullMode fullMode = FullMode.Wait) => Open(Options(capacity, fullMode));

    /// <summary>A channel whose own two ends are open.</summary>
    private protected ChannelUnderTest Open(SlabChannelOptions options)
    {
        Assert.SkipWhen(lanes > 0 && options.FullMode == FullMode.DropOldest, "With lanes the oldest message may lie in another producer's ring.");
        Assert.SkipWhen(lanes > 0 && options.LatencySampling > 0, "With lanes no position tells all messages apart.");
        var channel = ChannelUnderTest.Create(mode, kind, options);
        Assert.Equal(lanes, channel.Channel.Lanes);
        Assert.Equal(mode, channel.Channel.Mode);
        Assert.Equal(backing, channel.Channel.Slab.Backing);
        Assert.Equal(0, channel.Reader.End.Count);
        Assert.False(channel.Writer.End.IsClosed);
        return channel;
    }

    /// <summary>Whether a claim stands in the ring's next slot, so that there can be one only.</summary>
    private bool ClaimsInPlace(ChannelUnderTest channel) => (OneProducer || lanes > 0) && !channel.Channel.IsPooled;

    /// <summary>Whether leases belong to one thread at a time, with their read end.</summary>
    private bool LeasesStay(ChannelUnderTest channel) => !Competes && !channel.Channel.IsPooled;

    /// <summary>Passes messages through, several laps of the ring, and looks at each.</summary>
    private static void Traffic(ChannelUnderTest channel, long first = 1_000_000)
    {
        var laps = 3L * channel.Channel.Capacity;
        for (var number = first; number < first + laps; number++)
        {
            channel.Writer.Write(number);
            Assert.Equal(number, channel.Reader.Next());
        }
        Assert.Null(channel.Reader.TryNext());
        Assert.Equal(0, channel.Channel.Count);
    }

    private static int Fill(ChannelUnderTest channel, long first = 0)
    {
        var count = 0;
        while (channel.Writer.TryWrite(first + count))
            count++;
        return count;
    }

    private static LeaseException Misuse(ChannelUnderTest channel, Action use)
    {
        var before = channel.Channel.Statistics.Misuses;
        var error = Assert.Throws<LeaseException>(use);
        Assert.Contains(channel.Channel.Name, error.Message);
        Assert.Equal(before + 1, channel.Channel.Statistics.Misuses);
        return error;
    }
}
