using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Channels;

/// <summary>
/// A small pool beside a channel, on a slab of its own, made when first needed: for copies of ring messages that are
/// retained, and for messages that are built only to be dropped.
/// </summary>
internal sealed unsafe class SidePool
{
    private const int MinimumSlots = 64;

    internal SidePool(ChannelCore channel)
    {
        var slots = Math.Max(MinimumSlots, channel.Layout.Capacity);
        var stride = ChannelLayout.StrideFor(channel.Layout.PayloadBytes);
        var payloads = CacheLine.RoundUp(SlotTable<HardwareAtomics, SlotWidths>.SizeFor(slots), 4096);
        Slab = Slab.Allocate(new SlabOptions { Backing = channel.Options.Backing, Bytes = payloads + stride * slots });
        Pool = new SlotPool(channel, Slab.Base, Slab.Base + payloads, slots, stride, oneProducer: false);
        DropWriter = new DropWriter(channel, Pool);
    }

    internal Slab Slab { get; }

    internal SlotPool Pool { get; }

    internal DropWriter DropWriter { get; }

    /// <summary>Copies a message into a slot of its own.</summary>
    internal long Copy(ChannelCore channel, byte* message)
    {
        if (!Pool.TryClaim(out var claim))
            throw new ChannelFullException($"All {Pool.Slots} slots for retained messages of {channel} are leased.");
        Buffer.MemoryCopy(message, Pool.At(claim), channel.Layout.PayloadBytes, channel.Layout.PayloadBytes);
        Pool.TryPublish(claim, out var lease);
        Pool.EndPublish(claim);
        return lease;
    }
}
