using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The read side of a ring for a consumer that sees every message: the only one of an SPSC or MPSC channel, or one of a
/// broadcast's. It takes in order and releases in any order, without a locked instruction.
/// </summary>
/// <remarks>One thread at a time calls it. <c>gating</c> lies on the slab and is all that producers see of it.</remarks>
internal unsafe struct SequentialConsumer<T, TAtomics>(RingSlots<T> slots, long* gating)
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    internal readonly RingSlots<T> Slots = slots;
    internal ConsumerCursor Cursor;

    /// <summary>A bit a slot, for positions that were released before older ones; made when first needed.</summary>
    private ulong[]? _early;

    internal void StartAt(long position) => Cursor.Taken = Cursor.NextRelease = position;

    /// <summary>Whether a message waits. Others may ask, too.</summary>
    internal readonly bool HasMessage
    {
        get
        {
            var position = Cursor.Taken;
            return TAtomics.LoadAcquire(ref Slots.Word(position)) == position + 1; // SYNC: slot-publish (load)
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position)
    {
        position = Cursor.Taken;
        if (TAtomics.LoadAcquire(ref Slots.Word(position)) != position + 1) // SYNC: slot-publish (load)
            return false;
        Cursor.Taken = position + 1;
        return true;
    }

    /// <summary>
    /// Takes up to <paramref name="wanted"/> messages that lie in a row. With one producer a published message implies
    /// those before it, so the last is looked at first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int TryTakeMany(int wanted, bool oneProducer, out long position)
    {
        position = Cursor.Taken;
        var count = Slots.Contiguous(position, wanted);
        if (!oneProducer || TAtomics.LoadAcquire(ref Slots.Word(position + count - 1)) != position + count) // SYNC: slot-publish (load)
            count = CountPublished(position, count);
        Cursor.Taken = position + count;
        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int CountPublished(long position, int most)
    {
        var count = 0;
        while (count < most && TAtomics.LoadAcquire(ref Slots.Word(position + count)) == position + count + 1) // SYNC: slot-publish (load)
            count++;
        return count;
    }

    /// <summary>Whether a lease on this position is still held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsHeld(long position) => (ulong)position >= (ulong)Cursor.NextRelease || IsHeldAmongEarly(position);

    /// <summary>How many taken positions aren't released.</summary>
    internal readonly long Held => Cursor.NextRelease >= 0
        ? Cursor.Taken - Cursor.NextRelease
        : Cursor.Taken - Cursor.Released - Cursor.Early;

    /// <summary>Releases a position that is the next in order. False, and nothing changed, when it is another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ReleaseNext(long position, int count)
    {
        if (position != Cursor.NextRelease)
            return false;
        Cursor.NextRelease = position + count;
        TAtomics.StoreRelease(ref *gating, position + count); // SYNC: slot-release (store)
        return true;
    }

    /// <summary>Releases positions that were taken, in any order. False, and nothing changed, when one was released before.</summary>
    internal bool Release(long position, int count)
    {
        for (var i = 0; i < count; i++)
            if (position + i >= Cursor.Taken || !IsHeld(position + i))
                return false;
        for (var i = 0; i < count; i++)
            ReleaseOne(position + i);
        return true;
    }

    private void ReleaseOne(long position)
    {
        if (ReleaseNext(position, 1))
            return;
        if (Cursor.NextRelease >= 0)
        {
            Cursor.Released = Cursor.NextRelease;
            Cursor.NextRelease = -1;
            _early ??= new ulong[(Slots.Capacity + 63) / 64];
        }
        if (position != Cursor.Released)
        {
            EarlyBits(position) |= 1UL << (int)(position & 63);
            Cursor.Early++;
            return;
        }
        var released = position + 1;
        while (Cursor.Early > 0 && WasReleasedEarly(released))
        {
            EarlyBits(released) &= ~(1UL << (int)(released & 63));
            Cursor.Early--;
            released++;
        }
        Cursor.Released = released;
        if (Cursor.Early == 0)
            Cursor.NextRelease = released;
        TAtomics.StoreRelease(ref *gating, released); // SYNC: slot-release (store)
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool IsHeldAmongEarly(long position) =>
        Cursor.NextRelease < 0 && position >= Cursor.Released && !WasReleasedEarly(position);

    private readonly ref ulong EarlyBits(long position) => ref _early![(position & (Slots.Capacity - 1)) >> 6];

    private readonly bool WasReleasedEarly(long position) =>
        (_early![(position & (Slots.Capacity - 1)) >> 6] >> (int)(position & 63) & 1) != 0;
}
