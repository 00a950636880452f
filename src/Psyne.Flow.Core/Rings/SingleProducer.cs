using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The write side of a ring with one producer: a message is built in the ring's own slot and published by one release
/// store of its word. After Lamport's single-producer queue, with the sequence moved into the slot.
/// </summary>
/// <remarks>One thread at a time calls it; its cursor may be read by others.</remarks>
internal struct SingleProducer<T, TAtomics, TRoom>(RingSlots<T> slots, TRoom room, long capacity)
    where T : unmanaged
    where TAtomics : struct, IAtomics
    where TRoom : struct, IRoom<TAtomics>
{
    internal readonly RingSlots<T> Slots = slots;
    internal ProducerCursor Cursor;

    internal readonly long Capacity => capacity;

    /// <summary>Whether the next <paramref name="count"/> messages fit, looking at the consumers only when it must.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasRoom(int count) => Cursor.Next + count <= Cursor.Limit || LookForRoom(count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LookForRoom(int count)
    {
        Cursor.Limit = room.Gating(Cursor.Next) + capacity;
        return Cursor.Next + count <= Cursor.Limit;
    }

    /// <summary>The slot that the next message is built in. Only with room.</summary>
    internal readonly ref T Next
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Slots.Value(Cursor.Next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Publish()
    {
        var next = Cursor.Next;
        TAtomics.StoreRelease(ref Slots.Word(next), next + 1); // SYNC: slot-publish (store)
        Cursor.Next = next + 1;
    }

    /// <summary>Publishes <paramref name="count"/> messages in a row, first to last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Publish(int count)
    {
        var next = Cursor.Next;
        for (var end = next + count; next < end; next++)
            TAtomics.StoreRelease(ref Slots.Word(next), next + 1); // SYNC: slot-publish (store)
        Cursor.Next = next;
    }
}
