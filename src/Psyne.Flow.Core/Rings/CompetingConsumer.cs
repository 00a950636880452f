using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The read side of a ring whose consumers compete: a message goes to whoever moves the head past it by one
/// compare-and-swap, and its slot returns by a plain release store into the slot's own word, in any order.
/// </summary>
/// <remarks>Any thread may call it.</remarks>
internal readonly unsafe struct CompetingConsumer<T, TAtomics>(RingSlots<T> slots, long* head)
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    internal RingSlots<T> Slots => slots;

    internal long Taken => TAtomics.LoadAcquire(ref *head);

    internal bool HasMessage
    {
        get
        {
            while (true)
            {
                var position = TAtomics.LoadAcquire(ref *head);
                if (TAtomics.LoadAcquire(ref slots.Word(position)) == position + 1) // SYNC: slot-publish (load)
                    return true;
                if (TAtomics.LoadAcquire(ref *head) == position)
                    return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position)
    {
        while (true)
        {
            position = TAtomics.LoadAcquire(ref *head);
            if (TAtomics.LoadAcquire(ref slots.Word(position)) == position + 1) // SYNC: slot-publish (load)
            {
                if (TAtomics.CompareExchange(ref *head, position + 1, position) == position)
                    return true;
            }
            else if (TAtomics.LoadAcquire(ref *head) == position)
                return false;
        }
    }

    /// <summary>Takes up to <paramref name="wanted"/> messages that lie in a row.</summary>
    internal int TryTakeMany(int wanted, out long position)
    {
        while (true)
        {
            position = TAtomics.LoadAcquire(ref *head);
            var most = slots.Contiguous(position, wanted);
            var count = 0;
            while (count < most && TAtomics.LoadAcquire(ref slots.Word(position + count)) == position + count + 1) // SYNC: slot-publish (load)
                count++;
            if (count == 0 && TAtomics.LoadAcquire(ref *head) == position)
                return 0;
            if (count > 0 && TAtomics.CompareExchange(ref *head, position + count, position) == position)
                return count;
        }
    }

    /// <summary>Whether the message at a position that was taken is still held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsHeld(long position) => TAtomics.LoadAcquire(ref slots.Word(position)) == position + 1;

    /// <summary>Releases a position that was taken. False, and nothing changed, when it was released before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Release(long position)
    {
        ref var word = ref slots.Word(position);
        if (TAtomics.LoadAcquire(ref word) != position + 1)
            return false;
        TAtomics.StoreRelease(ref word, -(position + 1)); // SYNC: slot-return (store)
        return true;
    }
}
