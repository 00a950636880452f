using Psyne.Flow.Slots;

namespace Psyne.Flow.Channels;

/// <summary>Claims that are granted although the channel is full: publishing one drops the message and reports it.</summary>
internal sealed unsafe class DropWriter(ChannelCore channel, SlotPool pool) : WriterCore(channel)
{
    private volatile DropReason _reason = DropReason.Newest;

    protected override byte* SlotOf(long ticket) => pool.At(ticket);

    internal override long Published => 0;

    internal override int OpenClaims => pool.CountClaims();

    internal override bool HasRoom => pool.HasFree;

    internal ClaimStatus TryClaim(DropReason reason, out SlotClaim claim)
    {
        _reason = reason;
        return TryClaim(travels: true, out claim);
    }

    internal override ClaimStatus TryClaim(bool travels, out SlotClaim claim)
    {
        if (!pool.TryClaim(out var handle))
        {
            claim = default;
            return ClaimStatus.Full;
        }
        claim = new SlotClaim(this, pool.At(handle), handle);
        return ClaimStatus.Claimed;
    }

    internal override bool IsOpen(long ticket) => pool.IsHeld(ticket);

    internal override long Publish(long ticket)
    {
        if (!pool.IsHeld(ticket))
            ThrowEnded(ticket);
        try
        {
            Channel.OnDropped(pool.At(ticket), _reason);
        }
        finally
        {
            pool.TryRelease(ticket);
        }
        return -1;
    }

    internal override bool Abort(long ticket) => pool.TryRelease(ticket);

    // A batch of a full channel has one message.

    internal override ClaimStatus TryClaimMany(int most, out BatchClaim claim)
    {
        claim = default;
        return ClaimStatus.Full;
    }

    internal override byte* At(byte* first, long ticket, long[]? handles, int index) => Resolve(ticket);

    internal override void Publish(in BatchClaim claim, int count)
    {
        if (count > 0)
            Publish(claim.Ticket);
        else if (!Abort(claim.Ticket))
            ThrowEnded(claim.Ticket);
    }

    internal override bool Abort(in BatchClaim claim) => Abort(claim.Ticket);
}
