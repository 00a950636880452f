#pragma warning disable RS0030 // a count; nothing on the slab is ordered by it
using System.Runtime.InteropServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;
using Psyne.Flow.Diagnostics;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Blocks;

/// <summary>
/// The owner of a lease that leaves our blocks: a stock block may drop the lease without disposing it, and then the
/// ticket's finalizer gives the slot back and counts it.
/// </summary>
/// <remarks>Thread-safe. Tickets are pooled; <c>_version</c> tells the lease that a ticket is out for from those before.</remarks>
internal sealed unsafe class LeaseTicket : LeaseOwner
{
    private const int MostSpare = 4096;

    private static readonly Lock s_lock = new();
    private static LeaseTicket? s_spare;
    private static int s_spareCount;
    private static long s_outstanding;

    /// <summary>Keeps the pool and its memory while the ticket is out: its finalizer writes there.</summary>
    private GCHandle _root;
    private LeaseOwner _inner;
    private long _word;
    private long _version;
    private LeaseTicket? _next;

    private LeaseTicket(LeaseOwner inner) : base(inner.Channel)
    {
        _inner = inner;
        _root = GCHandle.Alloc(inner);
    }

    /// <summary>Tickets that are out.</summary>
    internal static long Outstanding => Volatile.Read(ref s_outstanding);

    internal override ChannelCore Channel => _inner.Channel;

    /// <summary>The same lease with a ticket for its owner; one that has a ticket stays as it is.</summary>
    internal static Lease<T> For<T>(Lease<T> lease) where T : unmanaged
    {
        if (lease.Owner is LeaseTicket)
            return lease;
        var ticket = Rent(lease.Owner!);
        ticket._word = lease.Word;
        return new Lease<T>(ticket, ticket._version);
    }

    /// <summary>The lease without its ticket, which goes back; others stay as they are.</summary>
    internal static Lease<T> Unwrap<T>(Lease<T> lease) where T : unmanaged
    {
        if (lease.Owner is not LeaseTicket ticket)
            return lease;
        ticket.End(lease.Word, out var inner, out var word);
        return new Lease<T>(inner, word);
    }

    private static LeaseTicket Rent(LeaseOwner inner)
    {
        Interlocked.Increment(ref s_outstanding);
        LostLeases.Watch();
        lock (s_lock)
        {
            if (s_spare is { } ticket)
            {
                s_spare = ticket._next;
                s_spareCount--;
                ticket._next = null;
                ticket._inner = inner;
                ticket._root.Target = inner;
                return ticket;
            }
        }
        return new LeaseTicket(inner);
    }

    /// <summary>Ends the ticket, which may be out again at once: what it stood for is told.</summary>
    private void End(long version, out LeaseOwner inner, out long word)
    {
        if (!TicketVersion<HardwareAtomics>.TryEnd(ref _version, version))
            ThrowEnded(version);
        (inner, word) = (_inner, _word);
        Interlocked.Decrement(ref s_outstanding);
        lock (s_lock)
        {
            _root.Target = null;
            if (s_spareCount == MostSpare)
            {
                _root.Free();
#pragma warning disable CA1816 // it ends here, not in a Dispose
                GC.SuppressFinalize(this);
#pragma warning restore CA1816
                return;
            }
            _next = s_spare;
            s_spare = this;
            s_spareCount++;
        }
    }

    private void Check(long lease)
    {
        if (!TicketVersion<HardwareAtomics>.IsOut(ref _version, lease))
            ThrowEnded(lease);
    }

    internal override bool IsHeld(long lease)
    {
        if (!TicketVersion<HardwareAtomics>.IsOut(ref _version, lease))
            return false;
        var held = _inner.IsHeld(_word);
        return held && TicketVersion<HardwareAtomics>.IsOut(ref _version, lease); // else that was another's
    }

    internal override byte* Resolve(long lease)
    {
        Check(lease);
        return _inner.Resolve(_word);
    }

    internal override void Release(long lease)
    {
        End(lease, out var inner, out var word);
        inner.Release(word);
    }

    internal override void Release(long first, int count) => Release(first);

    /// <summary>A share with a ticket of its own: it may be dropped outside as well.</summary>
    internal override LeaseOwner Retain(long lease, out long retained)
    {
        Check(lease);
        var owner = _inner.Retain(_word, out var word);
        var ticket = Rent(owner);
        ticket._word = word;
        retained = ticket._version;
        return ticket;
    }

    ~LeaseTicket()
    {
        // Only what is out is unreachable without having ended; the spare ones are reachable.
        Interlocked.Decrement(ref s_outstanding);
        _version++;
        if (_inner is SlotPool pool)
            Reclaimer.Release(pool, _word);
        else if (_inner.IsHeld(_word))
            _inner.Release(_word);
        FlowEventSource.Log.Leaked(_inner.Channel.Name, 1, 0);
        _root.Free();
    }

    /// <summary>Gives slots back that come by the thousand, and tells who waits for one once for many.</summary>
    private sealed class Reclaimer(SlotPool pool) : StallWatch.IDelayed
    {
        private static readonly Lock s_pending = new();
        private static readonly HashSet<SlotPool> s_pools = [];

        internal static void Release(SlotPool pool, long lease)
        {
            if (!pool.TryReleaseQuietly(lease))
                return;
            lock (s_pending)
                if (!s_pools.Add(pool))
                    return;
            StallWatch.Later(new Reclaimer(pool));
        }

        void StallWatch.IDelayed.Run()
        {
            lock (s_pending)
                s_pools.Remove(pool);
            pool.AfterRelease();
        }
    }
}
