using System.Diagnostics.CodeAnalysis;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Channels;

/// <summary>The write side of a channel, by slots: one implementation for each way a message is claimed and published.</summary>
internal abstract unsafe class WriterCore(ChannelCore channel)
{
    internal ChannelCore Channel { get; } = channel;

    /// <summary>Where a claim waits for room.</summary>
    internal WaitHub Space { get; init; } = channel.Space;

    /// <summary>Messages published so far. Exact once the gates are closed and no claim is open.</summary>
    internal abstract long Published { get; }

    /// <summary>Before the slots' memory is given back: notes what only they say.</summary>
    internal virtual void BeforeFree() { }

    /// <summary>Claims that are neither published nor aborted. Exact once the gates are closed.</summary>
    internal abstract int OpenClaims { get; }

    /// <summary>No claim is open, and nobody is about to end one: another producer may go on from here. For who gave the end up.</summary>
    internal virtual bool IsSettled => OpenClaims == 0;

    /// <summary>Whether a claim would find room now.</summary>
    internal abstract bool HasRoom { get; }

    /// <summary>Whether a claim of the calling thread would find room now, and what its message is built in.</summary>
    /// <param name="travels">Whether the claim may be published by another thread.</param>
    internal virtual bool HasRoomFor(bool travels) => HasRoom;

    /// <summary>Claims one slot without waiting.</summary>
    /// <param name="travels">Whether the claim may be published by another thread.</param>
    /// <param name="claim">The claim.</param>
    internal abstract ClaimStatus TryClaim(bool travels, out SlotClaim claim);

    internal abstract bool IsOpen(long ticket);

    /// <summary>The slot of an open claim.</summary>
    /// <exception cref="LeaseException">It was published or aborted before.</exception>
    internal byte* Resolve(long ticket)
    {
        if (!IsOpen(ticket))
            ThrowEnded(ticket);
        return SlotOf(ticket);
    }

    protected abstract byte* SlotOf(long ticket);

    /// <summary>Publishes, and notes the time where the message is one of the sampled.</summary>
    internal void PublishSampled(long ticket)
    {
        if (Channel.Sampler is not { } sampler)
        {
            Publish(ticket);
            return;
        }
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        sampler.OnPublished(Publish(ticket), now);
    }

    /// <summary>Publishes the claimed slot. Returns its position.</summary>
    /// <exception cref="LeaseException">It was published or aborted before.</exception>
    internal abstract long Publish(long ticket);

    /// <summary>Gives the slot back unpublished. False, and nothing changed, when it was published or aborted before.</summary>
    internal abstract bool Abort(long ticket);

    /// <summary>Claims up to <paramref name="most"/> slots without waiting.</summary>
    internal abstract ClaimStatus TryClaimMany(int most, out BatchClaim claim);

    /// <summary>A claim as a batch of one.</summary>
    internal virtual BatchClaim AsBatch(in SlotClaim claim) => new(this, claim.Value, claim.Ticket, 1);

    /// <summary>One slot of a batch that is open.</summary>
    /// <exception cref="LeaseException">The batch was published or aborted before.</exception>
    internal abstract byte* At(byte* first, long ticket, long[]? handles, int index);

    /// <summary>Publishes the first <paramref name="count"/> slots of a batch and gives back the rest.</summary>
    internal abstract void Publish(in BatchClaim claim, int count);

    internal abstract bool Abort(in BatchClaim claim);

    [DoesNotReturn]
    internal void ThrowEnded(long ticket) => throw Ended(ticket);

    internal LeaseException Ended(long ticket) =>
        Channel.CountMisuse(new LeaseException($"Claim {ticket} of {Channel} was published or aborted before."));

    [DoesNotReturn]
    protected void ThrowOverlapping() =>
        throw Channel.CountMisuse(new LeaseException(
            $"{Channel} has one producer{(Channel.Layout.Lanes > 0 ? " a lane" : "")}, and its claim is still open: publish or dispose it before the next claim."));
}
