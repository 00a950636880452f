using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The read side of a ring for a consumer that sees every message: the only one of an SPSC or MPSC channel, or one of a
/// broadcast's. It takes in order and releases in any order, without a locked instruction.
/// </summary>
/// <remarks>One thread at a time calls it. <c>gating</c> lies on the slab and is all that producers see of it.</remarks>
internal unsafe struct SequentialConsumer<T, TAtomics>(RingSlots<T> slots, long* gating, long bias)
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    internal readonly RingSlots<T> Slots = slots;
    internal ConsumerCursor Cursor;

    /// <summary>A bit a slot, for positions that were released before older ones; made when first needed.</summary>
    private ulong[]? _early;

    /// <summary>Messages taken so far. For others, too.</summary>
    internal readonly long Taken => TAtomics.LoadAcquire(in Cursor.Taken);

    internal void StartAt(long position) => Cursor.Taken = Cursor.Released = position;

    /// <summary>Takes a message back that was taken last and not looked at.</summary>
    internal void Untake(long position) => TAtomics.StoreRelaxed(ref Cursor.Taken, position);

    /// <summary>Whether a message waits. Others may ask, too.</summary>
    internal readonly bool HasMessage
    {
        get
        {
            var position = TAtomics.LoadAcquire(in Cursor.Taken);
            return TAtomics.LoadAcquire(ref Slots.Word(position)) == position + 1; // SYNC: slot-publish (load)
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position)
    {
        position = TAtomics.LoadPlain(in Cursor.Taken);
        if (TAtomics.LoadAcquire(ref Slots.Word(position)) != position + 1) // SYNC: slot-publish (load)
            return false;
        TAtomics.StoreRelaxed(ref Cursor.Taken, position + 1);
        return true;
    }

    /// <summary>
    /// Takes up to <paramref name="wanted"/> messages that lie in a row. With one producer a published message implies
    /// those before it, so the last is looked at first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int TryTakeMany(int wanted, bool oneProducer, out long position)
    {
        position = TAtomics.LoadPlain(in Cursor.Taken);
        var count = Slots.Contiguous(position, wanted);
        if (!oneProducer || TAtomics.LoadAcquire(ref Slots.Word(position + count - 1)) != position + count) // SYNC: slot-publish (load)
            count = CountPublished(position, count);
        TAtomics.StoreRelaxed(ref Cursor.Taken, position + count);
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
    internal readonly bool IsHeld(long position) =>
        position >= Cursor.Released && (Cursor.Early == 0 || !WasReleasedEarly(position));

    /// <summary>Releases a position that was taken. False, and nothing changed, when it was released before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Release(long position)
    {
        if (position != Cursor.Released || Cursor.Early != 0)
            return ReleaseSlow(position);
        Cursor.Released = position + 1;
        TAtomics.StoreRelease(ref *gating, position + 1 + bias); // SYNC: slot-release (store)
        return true;
    }

    /// <summary>Releases <paramref name="count"/> positions in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Release(long position, int count)
    {
        if (position != Cursor.Released || Cursor.Early != 0)
            return ReleaseManySlow(position, count);
        Cursor.Released = position + count;
        TAtomics.StoreRelease(ref *gating, position + count + bias); // SYNC: slot-release (store)
        return true;
    }

    private bool ReleaseManySlow(long position, int count)
    {
        for (var i = 0; i < count; i++)
            if (!IsHeld(position + i))
                return false;
        for (var i = 0; i < count; i++)
            ReleaseSlow(position + i);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReleaseSlow(long position)
    {
        if (!IsHeld(position) || position >= TAtomics.LoadPlain(in Cursor.Taken))
            return false;
        _early ??= new ulong[(Slots.Capacity + 63) / 64];
        if (position != Cursor.Released)
        {
            EarlyBits(position) |= 1UL << (int)(position & 63);
            Cursor.Early++;
            return true;
        }
        var released = position + 1;
        while (Cursor.Early > 0 && (EarlyBits(released) >> (int)(released & 63) & 1) != 0)
        {
            EarlyBits(released) &= ~(1UL << (int)(released & 63));
            Cursor.Early--;
            released++;
        }
        Cursor.Released = released;
        TAtomics.StoreRelease(ref *gating, released + bias); // SYNC: slot-release (store)
        return true;
    }

    private readonly ref ulong EarlyBits(long position) => ref _early![(position & (Slots.Capacity - 1)) >> 6];

    private readonly bool WasReleasedEarly(long position) =>
        (_early![(position & (Slots.Capacity - 1)) >> 6] >> (int)(position & 63) & 1) != 0;
}
