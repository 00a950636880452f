using Psyne.Flow.Rings;

namespace Psyne.Flow.Channels;

/// <summary>Puts a channel with lanes together: a ring with one producer for each, and consumers that turn between them.</summary>
internal static unsafe class LanesFactory
{
    /// <exception cref="ArgumentException">Lanes don't do what the mode or another option asks for.</exception>
    internal static ChannelCore Create<T>(ChannelMode mode, SlabChannelOptions options, string message) where T : unmanaged
    {
        Check(mode, options, message, sizeof(T));
        var layout = ChannelLayout.ForRing(mode, options, sizeof(T), sizeof(T), RingSlots<T>.Stride);
        var channel = new ChannelCore(mode, options, layout, message);
        var writers = new WriterCore[layout.Lanes];
        var sequential = mode == ChannelMode.Mpsc ? new SequentialRingReader<T>[layout.Lanes] : [];
        var competing = mode == ChannelMode.Mpsc ? [] : new CompetingRingReader<T>[layout.Lanes];
        for (var lane = 0; lane < layout.Lanes; lane++)
        {
            var slots = new RingSlots<T>(channel.Slab.Base + layout.RingOffset + lane * layout.LaneRingStride, layout.RingCapacity);
            var words = channel.WordsOf(lane);
            if (mode == ChannelMode.Mpsc)
            {
                sequential[lane] = new SequentialRingReader<T>(channel, slots, words);
                writers[lane] = new SpscRingWriter<T>(channel, slots, words);
            }
            else
            {
                competing[lane] = new CompetingRingReader<T>(channel, slots, words);
                writers[lane] = new SingleRingWriter<T>(channel, slots, words);
            }
        }
        channel.ReaderFactory = mode == ChannelMode.Mpsc
            ? () => new SequentialLanesReader<T>(sequential)
            : () => new CompetingLanesReader<T>(competing);
        channel.Start(writers);
        return channel;
    }

    private static void Check(ChannelMode mode, SlabChannelOptions options, string message, int bytes)
    {
        if (mode is not (ChannelMode.Mpsc or ChannelMode.Mpmc))
            throw Refused(options, $"with the mode {mode}: a lane is a ring of one of several producers, as Mpsc and Mpmc have them");
        if (options.FullMode == FullMode.DropOldest)
            throw Refused(options, "with FullMode DropOldest: the oldest message may lie in another producer's lane");
        if (bytes > ChannelFactory.LargestInRing)
            throw Refused(options, $"for {message}: a message of a lane lies in its ring, and has at most {ChannelFactory.LargestInRing} bytes");
        if (options.LatencySampling > 0)
            throw Refused(options, $"with LatencySampling {options.LatencySampling}: it tells messages apart by one position for all");
    }

    /// <summary>For messages that no lane carries.</summary>
    internal static void RefuseOther(SlabChannelOptions options, string message)
    {
        if (options.Lanes > 0)
            throw Refused(options, $"for {message}: lanes carry values of a fixed size");
    }

    private static ArgumentException Refused(SlabChannelOptions options, string why) =>
        new($"Lanes {options.Lanes} can't be had {why}.", nameof(options));
}
