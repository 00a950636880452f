using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The write side of a ring with one producer: a message is built in the ring's own slot and published by one release
/// store of its word. After Lamport's single-producer queue, with the sequence moved into the slot.
/// </summary>
/// <remarks>One thread at a time calls it; <see cref="Published"/> and <see cref="OpenClaims"/> are for all.</remarks>
internal partial struct SingleProducer<T, TAtomics, TRoom>(RingSlots<T> slots, TRoom room, long capacity)
    where T : unmanaged
    where TAtomics : struct, IAtomics
    where TRoom : struct, IRoom<TAtomics>
{
    internal readonly RingSlots<T> Slots = slots;
    internal ProducerCursor Cursor;

    internal readonly long Capacity => capacity;

    /// <summary>Messages published so far. For others: what a claim published is counted once the claim is seen to have ended.</summary>
    internal long Published => TAtomics.LoadAcquire(ref Cursor.Next);

    /// <summary>Whether the next <paramref name="count"/> messages fit, looking at the consumers only when it must.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasRoom(int count) => TAtomics.LoadPlain(ref Cursor.Next) + count <= Cursor.Limit || LookForRoom(count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LookForRoom(int count)
    {
        var next = TAtomics.LoadPlain(ref Cursor.Next);
        Cursor.Limit = room.Gating(next) + capacity;
        return next + count <= Cursor.Limit;
    }

    /// <summary>The slot that the next message is built in. Only with room.</summary>
    internal ref T Next
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Slots.Value(TAtomics.LoadPlain(ref Cursor.Next));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Publish()
    {
        var next = TAtomics.LoadPlain(ref Cursor.Next);
        TAtomics.StoreRelease(ref Slots.Word(next), next + 1); // SYNC: slot-publish (store)
        TAtomics.StoreRelaxed(ref Cursor.Next, next + 1);
    }

    /// <summary>Publishes <paramref name="count"/> messages in a row, first to last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Publish(int count)
    {
        var next = TAtomics.LoadPlain(ref Cursor.Next);
        for (var end = next + count; next < end; next++)
            TAtomics.StoreRelease(ref Slots.Word(next), next + 1); // SYNC: slot-publish (store)
        TAtomics.StoreRelaxed(ref Cursor.Next, next);
    }
}
