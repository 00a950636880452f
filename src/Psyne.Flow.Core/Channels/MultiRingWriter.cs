using Psyne.Flow.Atomics;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>
/// Several producers of a ring: a message is built in a staging cell on the slab and takes its position in the ring, by
/// value, when it is published.
/// </summary>
internal sealed unsafe class MultiRingWriter<T, TRoom> : WriterCore
    where T : unmanaged
    where TRoom : struct, IRoom<HardwareAtomics>
{
    private readonly StagedProducer<T, HardwareAtomics, TRoom, StagingCells> _claims;
    private readonly long* _batchCredit;
    private readonly int _creditLimit;

    internal MultiRingWriter(ChannelCore channel, RingSlots<T> slots, TRoom room) : base(channel)
    {
        _claims = new StagedProducer<T, HardwareAtomics, TRoom, StagingCells>(
            new(slots, room, channel.Word(ChannelLayout.TailOffset), channel.Word(ChannelLayout.SharedGatingOffset), channel.Layout.Capacity),
            new(channel.Slab.Base + channel.Layout.StagingOffset, sizeof(T)),
            channel.Items.Gate);
        _batchCredit = channel.Word(ChannelLayout.BatchCreditOffset);
        _creditLimit = ChannelLayout.BatchCredit(channel.Layout.Capacity);
    }

    protected override byte* SlotOf(long ticket) => _claims.Staging.Values(ticket);

    internal override long Published => _claims.Ring.Published;

    internal override int OpenClaims => _claims.Staging.CountOpen();

    internal override bool HasRoom => _claims.Ring.HasRoom(1);

    internal override bool HasRoomFor(bool travels) =>
        HasRoom && _claims.Staging.HasCell(travels ? -1 : ThreadIndex.Current);

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        if (!_claims.TryBegin(travels ? -1 : ThreadIndex.Current, out var ticket, out var closed))
        {
            claim = default;
            if (ticket != 0)
                End(ticket);
            return closed ? ClaimStatus.Closed : ClaimStatus.Full;
        }
        claim = new SlotClaim(this, _claims.Staging.Values(ticket), ticket);
        return ClaimStatus.Claimed;
    }

    internal override bool IsOpen(long ticket) => _claims.Staging.IsOpen(ticket);

    internal override long Publish(long ticket)
    {
        if (!_claims.Staging.IsOpen(ticket))
            ThrowEnded(ticket);
        var position = _claims.Publish(ticket);
        End(ticket);
        return position;
    }

    internal override bool Abort(long ticket)
    {
        if (!_claims.Staging.IsOpen(ticket))
            return false;
        End(ticket);
        return true;
    }

    private void End(long ticket)
    {
        if (_claims.End(ticket))
            Channel.OnPublished(this);
        // Its cell may be what a claim waits for. The cell was given up by a release store, as a slot is.
        if (StagingArea<HardwareAtomics, StagingCells>.IsShared(ticket) && !Channel.Space.IsIdle)
            Channel.Space.Wake();
    }

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        claim = default;
        var count = Math.Min(most, StagingCells.BatchValues);
        while (count > 1 && !_claims.Ring.HasRoom(count))
            count /= 2;
        var status = TryClaim(travels: false, out var single);
        if (status != ClaimStatus.Claimed)
            return status;
        // One message needs no credit: the ring has a position for each cell.
        if (count > 1 && HardwareAtomics.Add(ref *_batchCredit, count) > _creditLimit)
        {
            HardwareAtomics.Add(ref *_batchCredit, -count);
            count = 1;
        }
        claim = new BatchClaim(this, single.Value, single.Ticket, count);
        return ClaimStatus.Claimed;
    }

    internal override byte* At(byte* first, long ticket, long[]? handles, int index)
    {
        if (!_claims.Staging.IsOpen(ticket))
            ThrowEnded(ticket);
        return first + index * (long)sizeof(T);
    }

    internal override void Publish(in BatchClaim claim, int count)
    {
        if (!_claims.Staging.IsOpen(claim.Ticket))
            ThrowEnded(claim.Ticket);
        if (count > 0)
            _claims.Ring.Publish((T*)claim.First, count);
        EndBatch(claim);
    }

    internal override bool Abort(in BatchClaim claim)
    {
        if (!_claims.Staging.IsOpen(claim.Ticket))
            return false;
        EndBatch(claim);
        return true;
    }

    private void EndBatch(in BatchClaim claim)
    {
        if (claim.Count > 1)
            HardwareAtomics.Add(ref *_batchCredit, -claim.Count);
        End(claim.Ticket);
    }
}
