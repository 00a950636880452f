using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// The read side of a ring for a consumer that sees every message: the only one of an SPSC or MPSC channel, or one of a
/// broadcast's. It takes in order and releases in any order, without a locked instruction.
/// </summary>
/// <remarks>
/// One thread at a time calls it. <c>gating</c> lies on the slab and is all that producers see of it. With <c>inRuns</c>
/// it takes only what <see cref="Look"/> found, and then nothing until the next one: so that a consumer of several rings
/// turns from one to the next, however fast messages come.
/// </remarks>
internal unsafe struct SequentialConsumer<T, TAtomics>(RingSlots<T> slots, long* gating, bool inRuns = false)
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    internal readonly RingSlots<T> Slots = slots;
    internal ConsumerCursor Cursor;

    /// <summary>A bit a slot, for positions that were released before older ones; made when first needed.</summary>
    private ulong[]? _early;

    /// <summary>Messages taken so far. For others, too.</summary>
    internal readonly long Taken => TAtomics.LoadAcquire(in Cursor.Taken);

    internal void StartAt(long position) => Cursor.Taken = Cursor.NextRelease = Cursor.Known = position;

    /// <summary>Takes a message back that was taken last and not looked at.</summary>
    internal void Untake(long position) => TAtomics.StoreRelease(ref Cursor.Taken, position);

    /// <summary>Whether a message waits. Others may ask, too.</summary>
    internal readonly bool HasMessage
    {
        get
        {
            var position = TAtomics.LoadAcquire(in Cursor.Taken); // SYNC: known-run (load)
            return position < TAtomics.LoadAcquire(in Cursor.Known)
                || TAtomics.LoadAcquire(ref Slots.Word(position)) > position; // SYNC: slot-publish (load)
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(out long position)
    {
        position = TAtomics.LoadPlain(in Cursor.Taken);
        if (position >= TAtomics.LoadPlain(in Cursor.Known))
        {
            if (inRuns)
                return false;
            // The word of a run's first slot is the run's end; what a lap before left there is at most this position.
            var end = TAtomics.LoadAcquire(ref Slots.Word(position)); // SYNC: slot-publish (load)
            if (end <= position)
                return false;
            if (end != position + 1)
                TAtomics.StoreRelaxed(ref Cursor.Known, end);
        }
        TAtomics.StoreRelease(ref Cursor.Taken, position + 1); // SYNC: known-run (store)
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
        if (position + count > TAtomics.LoadPlain(in Cursor.Known))
            count = LookForRun(position, count, oneProducer);
        TAtomics.StoreRelease(ref Cursor.Taken, position + count); // SYNC: known-run (store)
        return count;
    }

    /// <summary>Looks how far the messages go from here, from run to run.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int LookForRun(long position, int most, bool oneProducer)
    {
        if (inRuns)
            return (int)Math.Max(0, Math.Min(most, TAtomics.LoadPlain(in Cursor.Known) - position));
        return FindRun(position, most, oneProducer);
    }

    /// <summary>
    /// Looks for a run of up to <paramref name="most"/> messages to take; longer only by what was published at once. With
    /// one producer.
    /// </summary>
    /// <returns>Whether there is one.</returns>
    internal bool Look(int most)
    {
        var position = TAtomics.LoadPlain(in Cursor.Taken);
        return FindRun(position, Slots.Contiguous(position, most), oneProducer: true) > 0;
    }

    private int FindRun(long position, int most, bool oneProducer)
    {
        var last = position + most - 1;
        long end;
        if (!oneProducer || (end = TAtomics.LoadAcquire(ref Slots.Word(last))) <= last) // SYNC: slot-publish (load)
        {
            var known = Math.Max(position, TAtomics.LoadPlain(in Cursor.Known));
            for (end = known; end <= last; end = known)
            {
                known = TAtomics.LoadAcquire(ref Slots.Word(end)); // SYNC: slot-publish (load)
                if (known <= end)
                    break;
            }
        }
        TAtomics.StoreRelaxed(ref Cursor.Known, end);
        return (int)Math.Min(most, end - position);
    }

    /// <summary>Whether a lease on this position is still held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsHeld(long position) => (ulong)position >= (ulong)TAtomics.LoadPlain(in Cursor.NextRelease) || IsHeldAmongEarly(position);

    /// <summary>How many taken positions aren't released.</summary>
    /// <remarks>For others, too; while positions are released it may come out too high, never too low.</remarks>
    internal readonly long Held
    {
        get
        {
            var taken = Taken;
            var next = TAtomics.LoadAcquire(in Cursor.NextRelease);
            if (next >= 0)
                return taken - next;
            var released = TAtomics.LoadAcquire(in Cursor.Released); // SYNC: early-release (load)
            return taken - released - TAtomics.LoadAcquire(in Cursor.Early);
        }
    }

    /// <summary>Releases a position that is the next in order. False, and nothing changed, when it is another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ReleaseNext(long position, int count)
    {
        if (position != TAtomics.LoadPlain(in Cursor.NextRelease))
            return false;
        TAtomics.StoreRelaxed(ref Cursor.NextRelease, position + count);
        TAtomics.StoreRelease(ref *gating, position + count); // SYNC: slot-release (store)
        return true;
    }

    /// <summary>Releases positions that were taken, in any order. False, and nothing changed, when one was released before.</summary>
    internal bool Release(long position, int count)
    {
        for (var i = 0; i < count; i++)
            if (position + i >= TAtomics.LoadPlain(in Cursor.Taken) || !IsHeld(position + i))
                return false;
        for (var i = 0; i < count; i++)
            ReleaseOne(position + i);
        return true;
    }

    private void ReleaseOne(long position)
    {
        if (ReleaseNext(position, 1))
            return;
        if (TAtomics.LoadPlain(in Cursor.NextRelease) is var next and >= 0)
        {
            TAtomics.StoreRelaxed(ref Cursor.Released, next);
            TAtomics.StoreRelease(ref Cursor.NextRelease, -1);
            _early ??= new ulong[(Slots.Capacity + 63) / 64];
        }
        var early = TAtomics.LoadPlain(in Cursor.Early);
        if (position != TAtomics.LoadPlain(in Cursor.Released))
        {
            EarlyBits(position) |= 1UL << (int)(position & 63);
            TAtomics.StoreRelaxed(ref Cursor.Early, early + 1);
            return;
        }
        var released = position + 1;
        for (; early > 0 && WasReleasedEarly(released); early--, released++)
            EarlyBits(released) &= ~(1UL << (int)(released & 63));
        // Who counts what is held must not subtract a position twice: as one released early, and as one before Released.
        TAtomics.StoreRelaxed(ref Cursor.Early, early);
        TAtomics.StoreRelease(ref Cursor.Released, released); // SYNC: early-release (store)
        if (early == 0)
            TAtomics.StoreRelease(ref Cursor.NextRelease, released);
        TAtomics.StoreRelease(ref *gating, released); // SYNC: slot-release (store)
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool IsHeldAmongEarly(long position) =>
        TAtomics.LoadPlain(in Cursor.NextRelease) < 0 && position >= TAtomics.LoadPlain(in Cursor.Released) && !WasReleasedEarly(position);

    private readonly ref ulong EarlyBits(long position) => ref _early![(position & (Slots.Capacity - 1)) >> 6];

    private readonly bool WasReleasedEarly(long position) =>
        (_early![(position & (Slots.Capacity - 1)) >> 6] >> (int)(position & 63) & 1) != 0;
}
