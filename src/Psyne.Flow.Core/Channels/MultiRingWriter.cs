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
    private readonly WaitGate<HardwareAtomics> _items;
    private readonly MultiProducer<T, HardwareAtomics, TRoom> _producer;
    private readonly StagingArea _staging;
    private readonly long* _batchCredit;
    private readonly int _creditLimit;

    internal MultiRingWriter(ChannelCore channel, RingSlots<T> slots, TRoom room) : base(channel)
    {
        _items = channel.Items.Gate;
        _producer = new MultiProducer<T, HardwareAtomics, TRoom>(slots, room,
            channel.Word(ChannelLayout.TailOffset), channel.Word(ChannelLayout.SharedGatingOffset), channel.Layout.Capacity);
        _staging = new StagingArea(channel.Slab.Base + channel.Layout.StagingOffset, sizeof(T));
        _batchCredit = channel.Word(ChannelLayout.BatchCreditOffset);
        _creditLimit = ChannelLayout.BatchCredit(channel.Layout.Capacity);
    }

    protected override byte* SlotOf(long ticket) => _staging.Values(ticket);

    internal override long Published => _producer.Published;

    internal override int OpenClaims => _staging.CountOpen();

    internal override bool HasRoom => _producer.HasRoom(1);

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        if (!_producer.HasRoom(1) || !_staging.TryOpen(travels, out var ticket))
        {
            claim = default;
            return _items.IsClosed ? ClaimStatus.Closed : ClaimStatus.Full;
        }
        if (!_items.IsIdle && _items.IsClosed)
        {
            claim = default;
            End(ticket);
            return ClaimStatus.Closed;
        }
        claim = new SlotClaim(this, _staging.Values(ticket), ticket);
        return ClaimStatus.Claimed;
    }

    internal override bool IsOpen(long ticket) => _staging.IsOpen(ticket);

    internal override long Publish(long ticket)
    {
        if (!_staging.IsOpen(ticket))
            ThrowEnded(ticket);
        var position = _producer.Publish(*(T*)_staging.Values(ticket));
        End(ticket);
        return position;
    }

    internal override bool Abort(long ticket)
    {
        if (!_staging.IsOpen(ticket))
            return false;
        End(ticket);
        return true;
    }

    private void End(long ticket)
    {
        _staging.End(ticket);
        if (!_items.IsIdle)
            Channel.OnPublished();
    }

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        claim = default;
        var count = Math.Min(most, StagingArea.BatchValues);
        while (count > 1 && !_producer.HasRoom(count))
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

    internal override byte* At(byte* first, long[]? handles, int index) => first + index * (long)sizeof(T);

    internal override void Publish(in BatchClaim claim, int count)
    {
        if (!_staging.IsOpen(claim.Ticket))
            ThrowEnded(claim.Ticket);
        if (count > 0)
            _producer.Publish((T*)claim.First, count);
        EndBatch(claim);
    }

    internal override bool Abort(in BatchClaim claim)
    {
        if (!_staging.IsOpen(claim.Ticket))
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
