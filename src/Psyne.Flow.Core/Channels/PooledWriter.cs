using System.Buffers;
using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>
/// Producers of a pooled channel: a message is built in a slot of the pool, and its handle takes a position in the ring
/// when it is published. Claims may overlap, travel between threads, and end in any order.
/// </summary>
internal sealed unsafe class PooledWriter<TRing>(ChannelCore channel, SlotPool pool, TRing ring, BroadcastReclaimer? reclaimer) : WriterCore(channel)
    where TRing : struct, IHandleRing
{
    private readonly WaitGate<HardwareAtomics> _items = channel.Items.Gate;
#pragma warning disable IDE0044 // publishing changes the struct: a readonly field would be copied first
    private TRing _ring = ring;
#pragma warning restore IDE0044

    protected override byte* SlotOf(long ticket) => pool.At(ticket);

    internal override long Published => _ring.Published;

    internal override int OpenClaims => pool.CountClaims();

    // What consumers of a broadcast have passed frees a slot only once nobody leases it.
    internal override bool HasRoom => pool.HasFree || (reclaimer is not null && reclaimer.TryReclaim() && pool.HasFree);

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        claim = default;
        if (!TryPop(out var handle))
            return _items.IsClosed ? ClaimStatus.Closed : ClaimStatus.Full;
        // The claim's share stands in the slot's word before the gate is looked at: who closes it (gate, process-wide barrier,
        // words) sees the share or is seen here.
        if (_items.IsClosed) // SYNC: gate-close (load)
        {
            Abort(handle);
            return ClaimStatus.Closed;
        }
        claim = new SlotClaim(this, pool.At(handle), handle);
        return ClaimStatus.Claimed;
    }

    private bool TryPop(out long handle)
    {
        while (!pool.TryClaim(out handle))
            if (reclaimer is null || _items.IsClosed || !reclaimer.TryReclaim())
                return false;
        return true;
    }

    internal override bool IsOpen(long ticket) => SlotWord.Share(ticket) == SlotWord.ClaimShare && pool.IsHeld(ticket);

    internal override long Publish(long ticket)
    {
        if (!pool.TryPublish(ticket, out var lease))
            ThrowEnded(ticket);
        var position = _ring.Publish(lease);
        pool.EndPublish(ticket);
        if (!_items.IsIdle)
            Channel.OnPublished(this);
        reclaimer?.OnPublished(position);
        return position;
    }

    internal override bool Abort(long ticket) => pool.TryAbort(ticket);

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        claim = default;
        var status = TryClaim(travels: true, out var first);
        if (status != ClaimStatus.Claimed)
            return status;
        var handles = ArrayPool<long>.Shared.Rent(Math.Min(most, pool.Slots));
        handles[0] = first.Ticket;
        var count = 1;
        while (count < most && TryPop(out var handle))
        {
            // Who closes the channel may have passed this slot already, and see the first one end before this one shows.
            if (_items.IsClosed) // SYNC: gate-close (load)
            {
                Abort(handle);
                break;
            }
            handles[count++] = handle;
        }
        claim = new BatchClaim(this, null, first.Ticket, count, handles);
        return ClaimStatus.Claimed;
    }

    internal override BatchClaim AsBatch(in SlotClaim claim)
    {
        var handles = ArrayPool<long>.Shared.Rent(1);
        handles[0] = claim.Ticket;
        return new BatchClaim(this, null, claim.Ticket, 1, handles);
    }

    internal override byte* At(byte* first, long ticket, long[]? handles, int index)
    {
        // The array serves others once the batch ended.
        if (!IsOpen(ticket))
            ThrowEnded(ticket);
        return pool.At(handles![index]);
    }

    internal override void Publish(in BatchClaim claim, int count)
    {
        if (!IsOpen(claim.Ticket))
            ThrowEnded(claim.Ticket);
        var handles = claim.Handles!;
        for (var i = 0; i < count; i++)
            Publish(handles[i]);
        for (var i = count; i < claim.Count; i++)
            Abort(handles[i]);
        ArrayPool<long>.Shared.Return(handles);
    }

    internal override bool Abort(in BatchClaim claim)
    {
        if (!IsOpen(claim.Ticket))
            return false;
        Publish(claim, 0);
        return true;
    }
}
