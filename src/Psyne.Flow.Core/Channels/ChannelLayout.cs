using System.Numerics;
using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>Where everything of a channel lies on its slab. The bytes have no other owner.</summary>
/// <remarks>
/// <code>
/// 0     header        magic, version, mode, element bytes, ring and pool sizes, lanes (HeaderSize)
/// 256   items gate    who waits for messages
/// 384   space gate    who waits for room
/// 512   tail          long published position; +8: gating sequence that producers share; +16: batch credit in use
/// 640   head          long: competing consumers' take position
/// 768   gating        long: the consumer's gating sequence, or the walk over competing consumers' words
/// 896   readers       broadcast: a ReaderTable
///       lanes         with lanes, for each (LaneStride): +0 head, +128 gating, +256 space gate; those above are unused,
///                     but for the space gate, which is closed last
/// ...   staging       several producers, messages in the ring: a StagingArea
/// ...   ring          RingCapacity x RingStride; with lanes so many of them, LaneRingStride apart
/// ...   slot table    pooled: words, free list, and the one producer's magazine
/// ...   payloads      pooled: Slots x PayloadStride, from a page's start
/// </code>
/// Every part starts on a multiple of 128 bytes. All is zero at first but the header.
/// </remarks>
internal readonly record struct ChannelLayout
{
    internal const ulong Magic = 0x574F4C46_4E595350; // "PSYNFLOW", little-endian
    internal const int Version = 1;

    internal const int MagicOffset = 0;
    internal const int VersionOffset = 8;
    internal const int ModeOffset = 12;
    internal const int PayloadBytesOffset = 16;
    internal const int RingStrideOffset = 24;
    internal const int RingCapacityOffset = 32;
    internal const int CapacityOffset = 40;
    internal const int SlotsOffset = 48;
    internal const int PayloadStrideOffset = 56;
    internal const int LanesOffset = 64;
    internal const int HeaderSize = 256;

    internal const int ItemsGateOffset = HeaderSize;
    internal const int SpaceGateOffset = ItemsGateOffset + CacheLine.Padding;
    internal const int TailOffset = SpaceGateOffset + CacheLine.Padding;
    internal const int SharedGatingOffset = TailOffset + 8;
    internal const int BatchCreditOffset = TailOffset + 16;
    internal const int HeadOffset = TailOffset + CacheLine.Padding;
    internal const int GatingOffset = HeadOffset + CacheLine.Padding;
    internal const int ReadersOffset = GatingOffset + CacheLine.Padding;

    internal const int LaneHeadOffset = 0;
    internal const int LaneGatingOffset = CacheLine.Padding;
    internal const int LaneSpaceGateOffset = 2 * CacheLine.Padding;
    internal const int LaneStride = 3 * CacheLine.Padding;

    private const int PageSize = 4096;

    /// <summary>Messages that the channel holds; with lanes, that each of them holds.</summary>
    internal int Capacity { get; private init; }

    /// <summary>Rings, one for each producer; 0 where there is one for all.</summary>
    internal int Lanes { get; private init; }

    /// <summary>Messages that the channel holds in all.</summary>
    internal long TotalCapacity => (long)Capacity * Math.Max(1, Lanes);

    /// <summary>Bytes of one message, header included.</summary>
    internal long PayloadBytes { get; private init; }

    internal int RingStride { get; private init; }

    internal int RingCapacity { get; private init; }

    /// <summary>Slots of the pool; 0 where messages lie in the ring.</summary>
    internal int Slots { get; private init; }

    internal long PayloadStride { get; private init; }

    internal int Readers { get; private init; }

    internal long StagingOffset { get; private init; }

    internal long RingOffset { get; private init; }

    internal long SlotTableOffset { get; private init; }

    internal long PayloadOffset { get; private init; }

    internal long Length { get; private init; }

    internal bool IsPooled => Slots > 0;

    /// <summary>Bytes from one lane's ring to the next. Not a multiple of a page: 4K aliasing.</summary>
    internal long LaneRingStride
    {
        get
        {
            var bytes = CacheLine.RoundUp((long)RingStride * RingCapacity, CacheLine.Padding);
            return bytes % PageSize == 0 ? bytes + CacheLine.Padding : bytes;
        }
    }

    /// <summary>What stays readable when the memory is given back: gates and positions.</summary>
    internal long KeptLength => ReadersOffset + (long)Lanes * LaneStride;

    /// <summary>A channel whose messages lie in the ring itself.</summary>
    internal static ChannelLayout ForRing(ChannelMode mode, SlabChannelOptions options, long payloadBytes, int cellBytes, int ringStride)
    {
        // A number of slots is rounded up; a bound in bytes is kept.
        var capacity = RoundUpToPowerOfTwo(options.Capacity);
        var within = SlotsWithinBytes(options, (long)ringStride * Math.Max(1, options.Lanes));
        if (within < capacity)
            capacity = 1 << BitOperations.Log2((ulong)within);
        var staged = !mode.HasOneProducer() && options.Lanes == 0;
        var ringCapacity = staged
            ? RoundUpToPowerOfTwo(capacity + StagingCells.Cells + BatchCredit(capacity))
            : Math.Max(capacity, 2); // a word must tell a slot that was just published from one of the lap before
        return Arrange(mode, options, new ChannelLayout
        {
            Capacity = capacity,
            Lanes = options.Lanes,
            PayloadBytes = payloadBytes,
            RingStride = ringStride,
            RingCapacity = ringCapacity,
        }, staged ? StagingArea<HardwareAtomics, StagingCells>.SizeFor(cellBytes) : 0);
    }

    /// <summary>A channel whose messages lie in pooled slots, with handles in the ring.</summary>
    internal static ChannelLayout ForPool(ChannelMode mode, SlabChannelOptions options, long payloadBytes)
    {
        var stride = StrideFor(payloadBytes);
        var capacity = (int)Math.Min(options.Capacity, SlotsWithinBytes(options, stride));
        return Arrange(mode, options, new ChannelLayout
        {
            Capacity = capacity,
            PayloadBytes = payloadBytes,
            RingStride = RingSlots<long>.Stride,
            RingCapacity = Math.Max(RoundUpToPowerOfTwo(capacity), 2),
            Slots = capacity,
            PayloadStride = stride,
        }, 0);
    }

    /// <summary>Values that open batches of several producers may hold beyond the capacity.</summary>
    internal static int BatchCredit(int capacity) => Math.Clamp(capacity, StagingCells.BatchValues, 1024);

    /// <summary>Payload slots start on a cache line, and not at the same offset of every page (4K aliasing).</summary>
    internal static long StrideFor(long payloadBytes)
    {
        var stride = CacheLine.RoundUp(Math.Max(payloadBytes, 1), CacheLine.Size);
        return stride % PageSize == 0 ? stride + CacheLine.Padding : stride;
    }

    private static ChannelLayout Arrange(ChannelMode mode, SlabChannelOptions options, ChannelLayout layout, long stagingSize)
    {
        var readers = mode == ChannelMode.Broadcast ? options.Readers : 0;
        var staging = layout.KeptLength + (readers > 0 ? ReaderTable<HardwareAtomics>.SizeFor(readers) : 0);
        var ring = staging + CacheLine.RoundUp(stagingSize, CacheLine.Padding);
        var table = ring + (layout.Lanes > 0
            ? layout.Lanes * layout.LaneRingStride
            : CacheLine.RoundUp((long)layout.RingStride * layout.RingCapacity, CacheLine.Padding));
        var payload = layout.Slots == 0 ? table : CacheLine.RoundUp(
            table + SlotTable<HardwareAtomics, SlotWidths>.SizeFor(layout.Slots), PageSize);
        return layout with
        {
            Readers = readers,
            StagingOffset = staging,
            RingOffset = ring,
            SlotTableOffset = table,
            PayloadOffset = payload,
            Length = payload + checked(layout.PayloadStride * layout.Slots),
        };
    }

    private static long SlotsWithinBytes(SlabChannelOptions options, long stride)
    {
        if (options.CapacityBytes == 0)
            return long.MaxValue;
        if (options.CapacityBytes < stride)
            throw new ArgumentOutOfRangeException(nameof(options),
                options.CapacityBytes, $"CapacityBytes {options.CapacityBytes} is less than one slot of {stride} bytes.");
        return options.CapacityBytes / stride;
    }

    private static int RoundUpToPowerOfTwo(int value) => (int)BitOperations.RoundUpToPowerOf2((uint)value);
}
