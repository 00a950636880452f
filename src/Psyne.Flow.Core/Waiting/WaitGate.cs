using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Waiting;

/// <summary>
/// Where one side of a channel waits for the other. Who signals pays one load when nobody waits; who waits pays for both
/// with a process-wide barrier.
/// </summary>
/// <remarks>
/// <code>
/// +0  control  int   number of waiters, Closed and Sealed: everything that takes the signalling side off its fast path
/// +4  epoch    int   the word that waiters sleep on; grows with every wake
/// +8  armed    int   1: a waiter has announced itself since the last wake
/// </code>
/// Waiter: <see cref="Enter"/>, look at the channel again, <see cref="Park"/>, <see cref="Arm"/> and look again, at last
/// <see cref="Leave"/>. Signaller: change the channel by a release store, then <see cref="IsIdle"/>, then
/// <see cref="TryWake"/>. A waiter that was woken and hasn't run yet is not woken again: with more threads than cores that
/// may be thousands of messages.
/// </remarks>
internal readonly unsafe struct WaitGate<TAtomics>(byte* gate)
    where TAtomics : struct, IAtomics
{
    internal const int Closed = 1 << 30;
    private const int Sealed = 1 << 29;
    internal const int Size = CacheLine.Padding;

    private ref int Control => ref *(int*)gate;

    private ref int Epoch => ref *(int*)(gate + 4);

    private ref int Armed => ref *(int*)(gate + 8);

    /// <summary>Nobody waits and nothing is closed. The load of the store-then-load pair whose other side is <see cref="Enter"/>.</summary>
    internal bool IsIdle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TAtomics.LoadAcquire(ref Control) == 0; // SYNC: gate-wait (load)
    }

    internal bool IsClosed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TAtomics.LoadAcquire(ref Control) & Closed) != 0; // SYNC: gate-close (load)
    }

    /// <summary>
    /// Closed, and every claim or take that didn't see it has been seen. Only now may anybody conclude that there is none;
    /// before, its first store may still be on its way.
    /// </summary>
    internal bool IsSealed => (TAtomics.LoadAcquire(ref Control) & Sealed) != 0; // SYNC: gate-seal (load)

    internal bool HasWaiters => (TAtomics.LoadAcquire(ref Control) & ~(Closed | Sealed)) != 0;

    /// <summary>Announces a waiter. What the signaller stored before it saw no waiter is visible once this returns.</summary>
    internal int Enter()
    {
        TAtomics.Add(ref Control, 1);
        // The epoch before the announcement: whoever takes that one back then moves this one on.
        var epoch = TAtomics.LoadAcquire(ref Epoch);
        TAtomics.StoreRelease(ref Armed, 1); // SYNC: gate-arm (store)
        TAtomics.ProcessWideBarrier(); // SYNC: gate-wait (store)
        return epoch;
    }

    /// <summary>Announces a waiter again that was woken for nothing. The channel must be looked at once more afterwards.</summary>
    internal int Arm()
    {
        var epoch = TAtomics.LoadAcquire(ref Epoch);
        TAtomics.StoreRelease(ref Armed, 1);
        TAtomics.FullFence(); // SYNC: gate-arm (store)
        return epoch;
    }

    internal void Leave() => TAtomics.Add(ref Control, -1);

    /// <summary>Sleeps unless there was a signal since <paramref name="epoch"/> was read. False on timeout.</summary>
    internal bool Park(int epoch, int timeoutMilliseconds) => TAtomics.Park(ref Epoch, epoch, timeoutMilliseconds);

    /// <summary>Wakes all waiters. False when everyone was woken already and nobody has announced itself since.</summary>
    internal bool TryWake()
    {
        TAtomics.FullFence();
        if (TAtomics.LoadAcquire(ref Armed) == 0 || TAtomics.CompareExchange(ref Armed, 0, 1) == 0) // SYNC: gate-arm (load)
            return false;
        TAtomics.Add(ref Epoch, 1);
        TAtomics.Unpark(ref Epoch, int.MaxValue);
        return true;
    }

    /// <summary>Closes the gate for good and makes every running claim or take see it. False when it was closed before.</summary>
    internal bool Close()
    {
        if (!Shut())
            return false;
        TAtomics.ProcessWideBarrier(); // SYNC: gate-close (store)
        TAtomics.Add(ref Control, Sealed); // SYNC: gate-seal (store)
        return true;
    }

    /// <summary>
    /// The first half of <see cref="Close"/>, for one of several gates that close together: a process-wide barrier has to
    /// follow, and may serve all of them. False when the gate was closed before.
    /// </summary>
    internal bool Shut()
    {
        var seen = TAtomics.LoadAcquire(ref Control);
        while ((seen & Closed) == 0)
        {
            var was = TAtomics.CompareExchange(ref Control, seen | Closed, seen);
            if (was == seen)
                return true;
            seen = was;
        }
        return false;
    }
}
