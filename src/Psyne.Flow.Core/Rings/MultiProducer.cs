using System.Diagnostics;
using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The write side of a ring with several producers. A message takes its position when it is published, not when it is
/// claimed, so that a producer that stops between the two holds up nobody. The word of the slot publishes it, as in
/// Vyukov's bounded queue.
/// </summary>
/// <remarks>
/// Any thread may call it. Room is granted at the claim and used at Publish, so at most as many messages as there are
/// open claims can exceed <c>capacity</c>; the ring is larger than that by as much (its slack), which is why
/// <see cref="Publish(T)"/> practically never waits and never fails.
/// </remarks>
internal readonly unsafe struct MultiProducer<T, TAtomics, TRoom>(
    RingSlots<T> slots, TRoom room, long* tail, long* gating, long capacity)
    where T : unmanaged
    where TAtomics : struct, IAtomics
    where TRoom : struct, IRoom<TAtomics>
{
    /// <summary>Whether <paramref name="count"/> messages fit at this moment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasRoom(int count)
    {
        var next = TAtomics.LoadAcquire(ref *tail);
        return next + count <= TAtomics.LoadAcquire(ref *gating) + capacity // SYNC: gating-share (load)
            || next + count <= Look() + capacity;
    }

    internal long Published => TAtomics.LoadAcquire(ref *tail);

    /// <summary>Takes the next position and publishes <paramref name="value"/> in it. Returns the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Publish(T value)
    {
        var position = TakePositions(1);
        TAtomics.StorePlain(ref slots.Value(position), value);
        TAtomics.StoreRelease(ref slots.Word(position), position + 1); // SYNC: slot-publish (store)
        return position;
    }

    /// <summary>As <see cref="Publish(T)"/>, for a handle that others may read while a later one is written over it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long PublishHandle(long handle)
    {
        Debug.Assert(typeof(T) == typeof(long));
        var position = TakePositions(1);
        TAtomics.StoreRelease(ref Unsafe.As<T, long>(ref slots.Value(position)), handle); // SYNC: handle-publish (store)
        TAtomics.StoreRelease(ref slots.Word(position), position + 1); // SYNC: slot-publish (store)
        return position;
    }

    /// <summary>Publishes <paramref name="count"/> values in consecutive positions.</summary>
    internal long Publish(T* values, int count)
    {
        var position = TakePositions(count);
        for (var i = 0; i < count; i++)
        {
            TAtomics.StorePlain(ref slots.Value(position + i), TAtomics.LoadPlain(ref values[i]));
            TAtomics.StoreRelease(ref slots.Word(position + i), position + i + 1); // SYNC: slot-publish (store)
        }
        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long TakePositions(int count)
    {
        var position = TAtomics.Add(ref *tail, count) - count;
        // The slots' last tenants must have gone. Claims make room; only a thread that stopped between two
        // instructions of a take can hold one up here.
        while (position + count > TAtomics.LoadAcquire(ref *gating) + slots.Capacity // SYNC: gating-share (load)
            && position + count > Look() + slots.Capacity)
            TAtomics.Pause();
        return position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Look()
    {
        // A late store of an older gating sequence is still true: it costs a second look and nothing else.
        var released = room.Gating(TAtomics.LoadAcquire(ref *tail));
        TAtomics.StoreRelease(ref *gating, released); // SYNC: gating-share (store)
        return released;
    }
}
