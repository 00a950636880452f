using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The positions of a ring of handles that many read and that may be given up under a slow reader: who reads a handle,
/// takes a share of its slot, and then finds that the position isn't given up, holds the message of that position.
/// </summary>
/// <remarks>Any thread may read; positions are given up by one thread at a time.</remarks>
internal readonly unsafe struct BroadcastPositions<TAtomics>(RingSlots<long> slots, long* reclaimed)
    where TAtomics : struct, IAtomics
{
    /// <summary>Every position before it was given up.</summary>
    internal long Reclaimed => TAtomics.LoadAcquire(ref *reclaimed); // SYNC: lossy-reclaim (load)

    /// <summary>Whether a position, or one a lap later, was published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsPublished(long position) => TAtomics.LoadAcquire(ref slots.Word(position)) > position; // SYNC: slot-publish (load)

    /// <summary>The handle that lies at a published position, perhaps one of a later lap: then the position shows as given up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Handle(long position) => TAtomics.LoadAcquire(ref slots.Value(position)); // SYNC: handle-publish (load)

    /// <summary>Gives up the next position, before its slot is: a slow reader that still finds the slot alive finds this, too.</summary>
    /// <param name="position">The next position.</param>
    /// <param name="handle">The ring's own lease on the slot, which the caller ends.</param>
    /// <returns>False when nothing was published there yet.</returns>
    internal bool TryGiveUp(long position, out long handle)
    {
        if (TAtomics.LoadAcquire(ref slots.Word(position)) != position + 1) // SYNC: slot-publish (load)
        {
            handle = 0;
            return false;
        }
        handle = TAtomics.LoadAcquire(ref slots.Value(position));
        TAtomics.StoreRelease(ref *reclaimed, position + 1); // SYNC: lossy-reclaim (store)
        return true;
    }
}
