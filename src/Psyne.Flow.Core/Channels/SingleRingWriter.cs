using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The one producer of a ring: messages are built in the ring's own slots.</summary>
internal sealed unsafe class SingleRingWriter<T, TRoom> : WriterCore
    where T : unmanaged
    where TRoom : struct, IRoom<HardwareAtomics>
{
    private readonly WaitGate<HardwareAtomics> _items;
    internal SingleProducer<T, HardwareAtomics, TRoom> Producer;

    internal SingleRingWriter(ChannelCore channel, RingSlots<T> slots, TRoom room) : base(channel)
    {
        _items = channel.Items.Gate;
        Sampled = channel.Sampler is not null;
        Producer = new SingleProducer<T, HardwareAtomics, TRoom>(slots, room, channel.Layout.Capacity);
    }

    internal override long Published => Producer.Published;

    internal override int OpenClaims => Producer.OpenClaims;

    internal override bool HasRoom => Producer.HasRoom(1);

    /// <summary>The claim of the fast path: false when anything at all is unusual, and nothing was changed then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryBegin(int count, out long ticket) => Producer.TryBegin(count, _items, out ticket);

    /// <summary>As <see cref="TryBegin"/>, for as many slots of <paramref name="most"/> as lie in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryBeginMany(int most, out byte* first, out long ticket, out int count)
    {
        var position = Producer.Cursor.Next;
        count = Producer.Slots.Contiguous(position, most);
        first = Producer.Slots.At(position) + RingSlots<T>.ValueOffset;
        ticket = 0;
        return most > 0 && TryBegin(count, out ticket);
    }

    private ClaimStatus Begin(int count, out long ticket)
    {
        if (Producer.HasOpenClaim)
            ThrowOverlapping();
        if (Producer.Begin(count, _items, out ticket, out var closed))
            return ClaimStatus.Claimed;
        End(ticket);
        return closed ? ClaimStatus.Closed : ClaimStatus.Full;
    }

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        var status = Begin(1, out var ticket);
        claim = status == ClaimStatus.Claimed
            ? new SlotClaim(this, (byte*)Unsafe.AsPointer(ref Producer.Next), ticket)
            : default;
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool IsOpen(long ticket) => Producer.IsOpen(ticket);

    protected override byte* SlotOf(long ticket) => (byte*)Unsafe.AsPointer(ref Producer.Next);

    /// <summary>Whether publishing must take note of times.</summary>
    internal bool Sampled { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override long Publish(long ticket)
    {
        if (!Producer.IsOpen(ticket))
            ThrowEnded(ticket);
        Producer.Publish();
        End(ticket);
        return Producer.Cursor.Next - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override bool Abort(long ticket)
    {
        if (!Producer.IsOpen(ticket))
            return false;
        End(ticket);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(long ticket)
    {
        if (Producer.End(ticket, _items))
            Channel.OnPublished();
    }

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        var count = Producer.Slots.Contiguous(Producer.Cursor.Next, (int)Math.Min(most, Producer.Capacity));
        // Not so many: by halves, down to one.
        ClaimStatus status;
        long ticket;
        while ((status = Begin(count, out ticket)) == ClaimStatus.Full && count > 1)
            count /= 2;
        if (status != ClaimStatus.Claimed)
        {
            claim = default;
            return status;
        }
        claim = new BatchClaim(this, (byte*)Unsafe.AsPointer(ref Producer.Next), ticket, count);
        return ClaimStatus.Claimed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal override byte* At(byte* first, long ticket, long[]? handles, int index)
    {
        if (Producer.Cursor.Ticket != ticket)
            ThrowEnded(ticket);
        return first + index * (long)RingSlots<T>.Stride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PublishMany(long ticket, int count)
    {
        if (!Producer.IsOpen(ticket))
            ThrowEnded(ticket);
        Producer.Publish(count);
        End(ticket);
    }

    internal override void Publish(in BatchClaim claim, int count) => PublishMany(claim.Ticket, count);

    internal override bool Abort(in BatchClaim claim) => Abort(claim.Ticket);
}
