using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The one producer of a ring that consumers compete for, or of a lane of such: messages are built in the ring's own slots.</summary>
internal sealed unsafe class SingleRingWriter<T> : WriterCore where T : unmanaged
{
    private readonly WaitGate<HardwareAtomics> _items;
    private SingleProducer<T, HardwareAtomics, CompetingRoom<T, HardwareAtomics>> _producer;

    internal SingleRingWriter(ChannelCore channel, RingSlots<T> slots, RingWords words) : base(channel)
    {
        _items = channel.Items.Gate;
        Space = words.Space;
        _producer = new(slots, new(slots, words.Gating), channel.Layout.Capacity);
    }

    internal override long Published => _producer.Published;

    internal override int OpenClaims => _producer.OpenClaims;

    internal override bool HasRoom => _producer.HasRoom(1);

    private ClaimStatus Begin(int count, out long ticket)
    {
        if (_producer.HasOpenClaim)
            ThrowOverlapping();
        if (_producer.Begin(count, _items, out ticket, out var closed))
            return ClaimStatus.Claimed;
        End(ticket);
        return closed ? ClaimStatus.Closed : ClaimStatus.Full;
    }

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        var status = Begin(1, out var ticket);
        claim = status == ClaimStatus.Claimed
            ? new SlotClaim(this, (byte*)Unsafe.AsPointer(ref _producer.Next), ticket)
            : default;
        return status;
    }

    internal override bool IsOpen(long ticket) => _producer.IsOpen(ticket);

    protected override byte* SlotOf(long ticket) => (byte*)Unsafe.AsPointer(ref _producer.Next);

    internal override long Publish(long ticket)
    {
        if (!_producer.IsOpen(ticket))
            ThrowEnded(ticket);
        _producer.Publish();
        End(ticket);
        return _producer.Cursor.Next - 1;
    }

    internal override bool Abort(long ticket)
    {
        if (!_producer.IsOpen(ticket))
            return false;
        End(ticket);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(long ticket)
    {
        if (_producer.End(ticket, _items))
            Channel.OnPublished(this);
    }

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        var count = _producer.Slots.Contiguous(_producer.Cursor.Next, (int)Math.Min(most, _producer.Capacity));
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
        claim = new BatchClaim(this, (byte*)Unsafe.AsPointer(ref _producer.Next), ticket, count);
        return ClaimStatus.Claimed;
    }

    internal override byte* At(byte* first, long ticket, long[]? handles, int index)
    {
        if (_producer.Cursor.Ticket != ticket)
            ThrowEnded(ticket);
        return first + index * (long)RingSlots<T>.Stride;
    }

    internal override void Publish(in BatchClaim claim, int count)
    {
        if (!_producer.IsOpen(claim.Ticket))
            ThrowEnded(claim.Ticket);
        _producer.Publish(count);
        End(claim.Ticket);
    }

    internal override bool Abort(in BatchClaim claim) => Abort(claim.Ticket);
}
