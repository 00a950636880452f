using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;
using Psyne.Flow.Memory;
using Psyne.Flow.Rings;
using Psyne.Flow.Slots;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Properties;

/// <summary>Where things lie: offsets, sizes, paddings; non-public fields too.</summary>
public sealed unsafe class LayoutTests
{
    private const BindingFlags AllFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Cursors_HaveLinesOfTheirOwn()
    {
        Assert.Equal(128, CacheLine.Padding);
        foreach (var cursor in new[] { typeof(ProducerCursor), typeof(PairedProducerCursor), typeof(ConsumerCursor) })
        {
            var fields = cursor.GetFields(AllFields);
            Assert.NotEmpty(fields);
            var size = cursor.StructLayoutAttribute!.Size;
            Assert.All(fields, field =>
            {
                var offset = field.GetCustomAttribute<FieldOffsetAttribute>()!.Value;
                Assert.InRange(offset, 128, 255);
                Assert.True(size - offset - 8 >= 128, $"{cursor.Name}.{field.Name} lies {size - offset} bytes before its neighbour.");
            });
            Assert.Equal(fields.Length, fields.Select(static field => field.GetCustomAttribute<FieldOffsetAttribute>()!.Value).Distinct().Count());
        }
        Assert.Equal(384, sizeof(ProducerCursor));
        Assert.Equal(384, sizeof(PairedProducerCursor));
        Assert.Equal(384, sizeof(ConsumerCursor));
    }

    /// <summary>Whole lines only, that a walk along one never leaves the ring; and never more than half of it.</summary>
    [Fact]
    public void PairedProducer_LineMask_IsALinesMessagesOrHalfTheRing()
    {
        Check<byte>(64, 3);
        Check<long>(8, 3);
        Check<long>(4, 1);
        Check<long>(2, 0);
        Check<long>(1, 0);
        Check<Guid>(64, 1);
        Check<Words6>(64, 0);
        Check<Words25>(64, 0);

        static void Check<T>(int slots, long mask) where T : unmanaged
        {
            var memory = NativeMemory.AllocZeroed((nuint)slots, (nuint)RingSlots<T>.Stride);
            try
            {
                var producer = new PairedProducer<T, HardwareAtomics>(new RingSlots<T>((byte*)memory, slots), default, slots);
                Assert.Equal(0, producer.Cursor.LineMask);
                producer.Pace(thick: true);
                Assert.Equal(mask, producer.Cursor.LineMask);
                producer.Pace(thick: false);
                Assert.Equal(0, producer.Cursor.LineMask);
            }
            finally
            {
                NativeMemory.Free(memory);
            }
        }
    }

    [Fact]
    public void Handles_AreTwoWords()
    {
        Assert.Equal(16, Unsafe.SizeOf<Lease<long>>());
        Assert.Equal(16, Unsafe.SizeOf<Lease<Words125>>());
        Assert.Equal(16, Unsafe.SizeOf<OwnedClaim<Words125>>());
        Assert.Equal(16, Unsafe.SizeOf<FrameLease>());
        Assert.Equal(16, Unsafe.SizeOf<FrameClaim>());
        Assert.Equal(16, Unsafe.SizeOf<TensorLease<float>>());
        Assert.Equal(16, Unsafe.SizeOf<TensorClaim<float>>());
    }

    [InlineArray(4096)]
    private struct Page { private byte _first; }

    [InlineArray(4088)]
    private struct PageWithWord { private byte _first; }

    [InlineArray(8180)]
    private struct TwoPages { private byte _first; }

    [InlineArray(57)]
    private struct OverALine { private byte _first; }

    [Fact]
    public void RingSlots_Strides_FitAndAvoidThePage()
    {
        Check<byte>(16);
        Check<long>(16);
        Check<Guid>(32);
        Check<Words6>(64);
        Check<OverALine>(128);
        Check<Words25>(256);
        Check<Words125>(1024);
        Check<PageWithWord>(4096 + 64);
        Check<Page>(4096 + 64);
        Check<TwoPages>(8192 + 64);

        static void Check<T>(int stride) where T : unmanaged
        {
            Assert.Equal(stride, RingSlots<T>.Stride);
            Assert.True(RingSlots<T>.Stride >= sizeof(T) + RingSlots<T>.ValueOffset);
            Assert.NotEqual(0, RingSlots<T>.Stride % 4096);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(4096, 4096 + 128)]
    [InlineData(4095, 4096 + 128)]
    [InlineData(1 << 20, (1 << 20) + 128)]
    public void PayloadStride_FitsAndAvoidsThePage(long bytes, long stride)
    {
        Assert.Equal(stride, ChannelLayout.StrideFor(bytes));
        Assert.Equal(0, stride % 64);
    }

    [Fact]
    public void Header_OfEveryMode_SaysWhatLiesThere()
    {
        foreach (var mode in Enum.GetValues<ChannelMode>())
        {
            using var channel = ChannelUnderTest.Create(mode, MessageKind.LongFrame, new SlabChannelOptions { Capacity = 5 });
            var memory = channel.Channel.Slab.Base;
            var layout = channel.Core.Layout;
            Assert.Equal("PSYNFLOW"u8, new ReadOnlySpan<byte>(memory, 8));
            Assert.Equal(ChannelLayout.Version, *(int*)(memory + 8));
            Assert.Equal((int)mode, *(int*)(memory + 12));
            Assert.Equal(1008, *(long*)(memory + 16));
            Assert.Equal(layout.RingStride, *(long*)(memory + 24));
            Assert.Equal(layout.RingCapacity, *(long*)(memory + 32));
            Assert.Equal(5, *(long*)(memory + 40));
            Assert.Equal(5, *(long*)(memory + 48));
            Assert.Equal(layout.PayloadStride, *(long*)(memory + 56));
        }
    }

    [Fact]
    public void Words_OfTheHeader_LieApart()
    {
        int[] offsets =
        [
            ChannelLayout.HeaderSize, ChannelLayout.ItemsGateOffset, ChannelLayout.SpaceGateOffset, ChannelLayout.TailOffset,
            ChannelLayout.HeadOffset, ChannelLayout.GatingOffset, ChannelLayout.ReadersOffset,
        ];
        Assert.All(offsets, static offset => Assert.Equal(0, offset % 128));
        Assert.All(offsets.Skip(2).Zip(offsets.Skip(1)), static pair => Assert.True(pair.First - pair.Second >= 128));
        Assert.True(ChannelLayout.PayloadStrideOffset + 8 <= ChannelLayout.HeaderSize);
        Assert.InRange(ChannelLayout.SharedGatingOffset, ChannelLayout.TailOffset + 8, ChannelLayout.HeadOffset - 8);
        Assert.InRange(ChannelLayout.BatchCreditOffset, ChannelLayout.SharedGatingOffset + 8, ChannelLayout.HeadOffset - 8);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(64, 64)]
    [InlineData(2, 1 << 12)]
    public void Lanes_LieApart(int lanes, int capacity)
    {
        Assert.Equal((0, 128, 256, 384), (ChannelLayout.LaneHeadOffset, ChannelLayout.LaneGatingOffset, ChannelLayout.LaneSpaceGateOffset, ChannelLayout.LaneStride));
        Assert.True(ChannelLayout.LanesOffset + 8 <= ChannelLayout.HeaderSize);
        using var channel = SlabChannel.CreateMpsc<long>(new() { Lanes = lanes, Capacity = capacity });
        var layout = channel.Core.Layout;
        Assert.Equal(lanes, *(long*)(channel.Slab.Base + 64));
        Assert.Equal(capacity, *(long*)(channel.Slab.Base + 40));
        Assert.Equal(ChannelLayout.ReadersOffset + 384 * lanes, layout.KeptLength);
        Assert.True(layout.RingOffset >= layout.KeptLength);
        Assert.Equal((0, 0), (layout.RingOffset % 128, layout.LaneRingStride % 128));
        Assert.NotEqual(0, layout.LaneRingStride % 4096);
        Assert.True(layout.LaneRingStride >= 16L * layout.RingCapacity);
        Assert.True(layout.Length >= layout.RingOffset + lanes * layout.LaneRingStride);
        Assert.Equal((long)lanes * capacity, layout.TotalCapacity);
    }

    private sealed record Asked(ChannelMode Mode, bool Pooled, int Capacity, int Readers, int Payload, long CapacityBytes);

    [Fact]
    public void Parts_OfAnyChannel_LieApartOnPaddedBounds()
    {
        var asked =
            from mode in Gen.Elements(Enum.GetValues<ChannelMode>())
            from pooled in Gen.Elements(true, false)
            from bits in Gen.Choose(0, 22)
            from less in Gen.Choose(0, 100)
            from readers in Gen.Choose(1, 1024)
            from payload in Gen.Choose(1, 1 << 20)
            from bytes in Gen.OneOf(Gen.Constant(0), Gen.Choose(1 << 21, 1 << 30))
            select new Asked(mode, pooled, Math.Max(1, (1 << bits) - less), readers, payload, bytes);
        Prop.ForAll(asked.ToArbitrary(), Check).QuickCheckThrowOnFailure();
    }

    private static void Check(Asked asked)
    {
        var options = new SlabChannelOptions { Capacity = asked.Capacity, Readers = asked.Readers, CapacityBytes = asked.CapacityBytes };
        var layout = asked.Pooled
            ? ChannelLayout.ForPool(asked.Mode, options, asked.Payload)
            : ChannelLayout.ForRing(asked.Mode, options, sizeof(Words6), sizeof(Words6), RingSlots<Words6>.Stride);
        var readers = asked.Mode == ChannelMode.Broadcast ? ReaderTable<HardwareAtomics>.SizeFor(asked.Readers) : 0;
        (long Start, long End)[] parts =
        [
            (ChannelLayout.ReadersOffset, ChannelLayout.ReadersOffset + readers),
            (layout.StagingOffset, layout.RingOffset),
            (layout.RingOffset, layout.RingOffset + (long)layout.RingStride * layout.RingCapacity),
            (layout.SlotTableOffset, layout.SlotTableOffset + (layout.IsPooled ? SlotTable<HardwareAtomics, SlotWidths>.SizeFor(layout.Slots) : 0)),
            (layout.PayloadOffset, layout.PayloadOffset + layout.PayloadStride * layout.Slots),
        ];
        Assert.All(parts, static part => Assert.Equal(0, part.Start % 128));
        Assert.All(parts.Skip(1).Zip(parts), static pair => Assert.True(pair.First.Start >= pair.Second.End, $"{pair}"));
        Assert.Equal(parts[^1].End, layout.Length);
        Assert.Equal(asked.Pooled, layout.IsPooled);
        Assert.True(System.Numerics.BitOperations.IsPow2(layout.RingCapacity));
        Assert.True(layout.RingCapacity >= layout.Capacity);
        Assert.Equal(0, layout.PayloadOffset % (asked.Pooled ? 4096 : 128));
        var stride = asked.Pooled ? layout.PayloadStride : layout.RingStride;
        if (asked.CapacityBytes > 0)
            Assert.True(layout.Capacity * stride <= asked.CapacityBytes);
        else
            Assert.True(layout.Capacity >= asked.Capacity);
    }
}
