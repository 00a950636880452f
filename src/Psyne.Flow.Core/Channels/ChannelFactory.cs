using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Channels;

/// <summary>Puts a channel together: which ring, which room, which ends.</summary>
internal static unsafe class ChannelFactory
{
    /// <summary>The largest message that lies in the ring's own slot with one producer.</summary>
    internal const int LargestInRing = 256;

    /// <summary>The largest message that is moved into the ring by value when several producers publish: two cache lines with its word.</summary>
    internal const int LargestStaged = 120;

    internal static bool LiesInRing(ChannelMode mode, FullMode fullMode, long bytes) =>
        fullMode != FullMode.DropOldest && bytes <= (mode.HasOneProducer() ? LargestInRing : LargestStaged);

    internal static ChannelCore Create<T>(ChannelMode mode, SlabChannelOptions options, string message) where T : unmanaged =>
        options.Lanes > 0 ? LanesFactory.Create<T>(mode, options, message)
        : LiesInRing(mode, options.FullMode, sizeof(T)) ? CreateRing<T>(mode, options, message, sizeof(T))
        : CreatePooled(mode, options, sizeof(T), message);

    /// <param name="mode">How many producers and consumers it has.</param>
    /// <param name="options">Capacity, policy, waiting, memory.</param>
    /// <param name="message">What the messages are, for people.</param>
    /// <param name="payloadBytes">Bytes of a message, at most the size of the cell <typeparamref name="T"/>.</param>
    internal static ChannelCore CreateRing<T>(ChannelMode mode, SlabChannelOptions options, string message, long payloadBytes) where T : unmanaged
    {
        LanesFactory.RefuseOther(options, message);
        var layout = ChannelLayout.ForRing(mode, options, payloadBytes, sizeof(T), RingSlots<T>.Stride);
        var channel = new ChannelCore(mode, options, layout, message);
        var words = channel.Words;
        var slots = new RingSlots<T>(channel.Slab.Base + layout.RingOffset, layout.RingCapacity);
        switch (mode)
        {
            case ChannelMode.Spsc:
                channel.ReaderFactory = () => new SequentialRingReader<T>(channel, slots, words);
                channel.Start(new SpscRingWriter<T>(channel, slots, words));
                break;
            case ChannelMode.Mpsc:
                channel.ReaderFactory = () => new SequentialRingReader<T>(channel, slots, words);
                channel.Start(new MultiRingWriter<T, SequenceRoom<HardwareAtomics>>(channel, slots, new(words.Gating)));
                break;
            case ChannelMode.Spmc:
                channel.ReaderFactory = () => new CompetingRingReader<T>(channel, slots, words);
                channel.Start(new SingleRingWriter<T>(channel, slots, words));
                break;
            case ChannelMode.Mpmc:
                channel.ReaderFactory = () => new CompetingRingReader<T>(channel, slots, words);
                channel.Start(new MultiRingWriter<T, CompetingRoom<T, HardwareAtomics>>(channel, slots, new(slots, words.Gating)));
                break;
            default:
                var table = Table(channel);
                channel.ReaderFactory = () => new SequentialRingReader<T>(channel, slots, table, TakeLine(channel, table));
                channel.Start(new MultiRingWriter<T, BroadcastRoom<HardwareAtomics>>(channel, slots, new(table)));
                break;
        }
        return channel;
    }

    internal static ChannelCore CreatePooled(ChannelMode mode, SlabChannelOptions options, long payloadBytes, string message)
    {
        LanesFactory.RefuseOther(options, message);
        var layout = ChannelLayout.ForPool(mode, options, payloadBytes);
        var channel = new ChannelCore(mode, options, layout, message);
        var memory = channel.Slab.Base;
        var pool = new SlotPool(channel, memory + layout.SlotTableOffset, memory + layout.PayloadOffset,
            layout.Slots, layout.PayloadStride, mode.HasOneProducer());
        channel.Pool = pool;
        var ring = new RingSlots<long>(memory + layout.RingOffset, layout.RingCapacity);
        var room = new SequenceRoom<HardwareAtomics>(channel.Word(ChannelLayout.GatingOffset));
        if (mode == ChannelMode.Broadcast)
        {
            var lossy = options.FullMode == FullMode.DropOldest;
            var table = Table(channel);
            var reclaimer = new BroadcastReclaimer(channel, pool, ring, table, lossy);
            channel.ReaderFactory = () => new PooledBroadcastReader(channel, pool, table, reclaimer, TakeLine(channel, table), lossy);
            StartPooled(channel, pool, ring, room, reclaimer);
        }
        else if (mode.Competes() || options.FullMode == FullMode.DropOldest)
        {
            var reader = new PooledReader<CompetingHandles>(channel, pool, new(new(ring, channel.Word(ChannelLayout.HeadOffset))));
            channel.ReaderFactory = () => reader;
            if (options.FullMode == FullMode.DropOldest)
                channel.DropOldest = reader.DropOldest;
            StartPooled(channel, pool, ring, new CompetingRoom<long, HardwareAtomics>(ring, channel.Word(ChannelLayout.GatingOffset)), null);
        }
        else
        {
            channel.ReaderFactory = () => new PooledReader<SequentialHandles>(
                channel, pool, new(new(ring, channel.Word(ChannelLayout.GatingOffset)), mode.HasOneProducer()));
            StartPooled(channel, pool, ring, room, null);
        }
        return channel;
    }

    private static void StartPooled<TRoom>(ChannelCore channel, SlotPool pool, RingSlots<long> ring, TRoom room, BroadcastReclaimer? reclaimer)
        where TRoom : struct, IRoom<HardwareAtomics>
    {
        var capacity = ring.Capacity;
        channel.Start(channel.Mode.HasOneProducer()
            ? new PooledWriter<SingleHandleRing<TRoom>>(channel, pool, new(new(ring, room, capacity)), reclaimer)
            : new PooledWriter<MultiHandleRing<TRoom>>(channel, pool, new(new(ring, room,
                channel.Word(ChannelLayout.TailOffset), channel.Word(ChannelLayout.SharedGatingOffset), capacity)), reclaimer));
    }

    private static ReaderTable<HardwareAtomics> Table(ChannelCore channel)
    {
        var table = new ReaderTable<HardwareAtomics>(channel.Slab.Base + ChannelLayout.ReadersOffset, channel.Layout.Readers);
        table.Clear();
        return table;
    }

    private static int TakeLine(ChannelCore channel, ReaderTable<HardwareAtomics> table)
    {
        var line = table.Take();
        return line >= 0 ? line : throw new ChannelRoleException(
            $"{channel} has {table.Capacity} consumers, the most it was made for (Readers): another was refused.");
    }
}
