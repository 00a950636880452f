using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow.Channels;

/// <summary>Who a lease belongs to: a ring's consumer, whose leases are positions, or a pool, whose leases are slot handles.</summary>
internal abstract unsafe class LeaseOwner(ChannelCore channel)
{
    internal virtual ChannelCore Channel { get; } = channel;

    internal abstract bool IsHeld(long lease);

    /// <summary>The first byte of the leased message.</summary>
    /// <exception cref="LeaseException">The lease ended before.</exception>
    internal abstract byte* Resolve(long lease);

    /// <summary>Ends the lease.</summary>
    /// <exception cref="LeaseException">It ended before.</exception>
    internal abstract void Release(long lease);

    /// <summary>Makes another lease on the message, for the same slot or, from a ring, for a copy in a pooled one.</summary>
    internal abstract LeaseOwner Retain(long lease, out long retained);

    /// <summary>Ends a run of leases that were taken together.</summary>
    internal abstract void Release(long first, int count);

    [DoesNotReturn]
    protected void ThrowEnded(long lease) =>
        throw Channel.CountMisuse(new LeaseException($"Lease {lease:x} of {Channel} is not held any more: it was disposed before."));
}
