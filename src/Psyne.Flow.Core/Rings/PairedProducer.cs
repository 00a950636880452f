using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Rings;

/// <summary>
/// The write side of a ring with one producer and one consumer: a message is built in the ring's own slot, and its word
/// says all there is to say about it: claimed, published, how long the run is that begins here. After Lamport's
/// single-producer queue, with the sequence moved into the slot.
/// </summary>
/// <remarks>
/// One thread at a time calls it; <see cref="Published"/> and <see cref="OpenClaims"/> are for all.
/// <para>
/// A producer goes as fast as its stores leave the core. They leave in order, and each line of the ring has to be taken
/// back from the consumer's cache first; what is stored to one line in a row leaves together. So nothing but the slot is
/// stored to between a claim and its publication, and the position once a line: where messages share one, the next
/// position is found by looking at the words from <c>Next</c> on. That is for thick traffic (<see cref="Pace"/>). While it
/// is thin a consumer polls the line, and the producer's own look at it would cost a transfer: then the position is stored
/// with every message, and the slot is only written to.
/// </para>
/// <code>
/// word of position p   below 0     claimed, and not published or aborted: the claim's ticket
///                      e, p &lt; e   published, and every position before e with it
///                      other       not published: what a lap before left, or 0
/// ticket               p + 1 + Mark, negative; Mark grows by 1 with every abort, so that no two claims have the same
/// </code>
/// The claim stands in the word before the gate is looked at, so that who closes it (gate, process-wide barrier, word)
/// sees the claim or is seen by it. A claim that ends with the gate not idle must be told about: the closer may have seen
/// it open.
/// </remarks>
internal unsafe struct PairedProducer<T, TAtomics>(RingSlots<T> slots, SequenceRoom<TAtomics> room, long capacity)
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    internal readonly RingSlots<T> Slots = slots;

    internal PairedProducerCursor Cursor = new()
    {
        Slot = (long)slots.At(0),
        Mark = long.MinValue,
    };

    /// <summary>The messages of a line - 1; of a small ring at most half its slots, so that none is written again before the position is stored.</summary>
    private readonly long _line = Math.Clamp(Math.Min(CacheLine.Size / RingSlots<T>.Stride, slots.Capacity / 2), 1, 64) - 1;

    /// <summary>Messages after which <see cref="Publish"/> asks for the pace. A multiple of a line's.</summary>
    internal const long PaceEvery = 64;

    internal readonly long Capacity => capacity;

    /// <summary>Says whether traffic is thick: messages follow each other faster than a line goes to the consumer and back. With no claim open.</summary>
    internal void Pace(bool thick)
    {
        var slot = FindNext(out var end);
        Cursor.Slot = (long)slot;
        TAtomics.StoreRelease(ref Cursor.Next, end - 1); // SYNC: claim-end (store)
        Cursor.LineMask = thick ? _line : 0;
        Cursor.Thick = thick ? 1 : 0;
    }

    /// <summary>Messages published so far. For others: exact once the gate is closed and no claim is open.</summary>
    internal long Published => Look(out _);

    /// <summary>1 or 0. For others; exact once the gate is closed.</summary>
    internal int OpenClaims
    {
        get
        {
            Look(out var word);
            return word < 0 ? 1 : 0;
        }
    }

    /// <summary>The next position and its word, as another thread sees them.</summary>
    private long Look(out long word)
    {
        var next = TAtomics.LoadAcquire(ref Cursor.Next); // SYNC: claim-end (load)
        // A line's messages and the last claim's run, at most: no race with a producer that goes on.
        var most = _line + 1;
        while ((word = TAtomics.LoadAcquire(ref Slots.Word(next))) > next && most-- > 0) // SYNC: claim-end (load)
            next = word;
        // A late claim a lap ahead may have taken a word on the way; then the position was stored before.
        return Math.Max(next, TAtomics.LoadAcquire(ref Cursor.Next)); // SYNC: claim-end (load)
    }

    /// <summary>The position of the next message to be published, claimed or not.</summary>
    internal long Position
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            FindNext(out var end);
            return end - 1;
        }
    }

    /// <summary>The slot of the next message, and the position after it: of a line's messages the first that isn't published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* FindNext(out long end)
    {
        end = TAtomics.LoadPlain(ref Cursor.Next) + 1;
        var slot = (byte*)Cursor.Slot;
        if (Cursor.Thick != 0)
        {
            while (TAtomics.LoadPlain(ref *(long*)slot) == end)
            {
                end++;
                slot += RingSlots<T>.Stride;
            }
        }
        return slot;
    }

    internal bool HasOpenClaim => TAtomics.LoadPlain(ref Slots.Word(Position)) < 0;

    /// <summary>Whether the next <paramref name="count"/> messages fit, looking at the consumer only when it must.</summary>
    /// <remarks>Others may ask, too, while the producer waits.</remarks>
    internal bool HasRoom(int count)
    {
        var position = Look(out _);
        if (position + count <= Cursor.Limit)
            return true;
        Cursor.Limit = room.Gating(position) + capacity;
        return position + count <= Cursor.Limit;
    }

    /// <summary>
    /// The claim of the fast path: null when anything at all is unusual, and nothing was changed then. Nobody is told,
    /// so the slow path must follow.
    /// </summary>
    /// <returns>The first of <paramref name="count"/> slots in a row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* TryBegin(int count, WaitGate<TAtomics> gate, out long ticket)
    {
        var slot = FindNext(out var end);
        ticket = end + TAtomics.LoadPlain(ref Cursor.Mark);
        if (end + (count - 1) > Cursor.Limit || (Cursor.Thick != 0 ? TAtomics.LoadPlain(ref *(long*)slot) : Cursor.Open) < 0)
            return null;
        TAtomics.StoreRelease(ref *(long*)slot, ticket); // SYNC: gate-close (load)
        if (gate.IsIdle)
        {
            if (Cursor.Thick == 0)
                Cursor.Open = ticket;
            return slot;
        }
        TAtomics.StoreRelease(ref *(long*)slot, 0);
        return null;
    }

    /// <summary>The claim of the slow path: null when there is no room or the gate is closed. Only with no claim open.</summary>
    /// <param name="count">Slots, in a row.</param>
    /// <param name="gate">Whom publishing signals.</param>
    /// <param name="ticket">The claim's.</param>
    /// <param name="tells">The claim may have been seen open: whoever closes is to be told.</param>
    /// <returns>The first slot.</returns>
    internal byte* TryBegin(int count, WaitGate<TAtomics> gate, out long ticket, out bool tells)
    {
        tells = false;
        ticket = 0;
        if (!HasRoom(count))
            return null;
        var slot = FindNext(out var end);
        ticket = end + TAtomics.LoadPlain(ref Cursor.Mark);
        TAtomics.StoreRelease(ref *(long*)slot, ticket); // SYNC: gate-close (load)
        if (!gate.IsClosed)
        {
            Cursor.Open = ticket;
            return slot;
        }
        tells = Abort(slot, gate);
        return null;
    }

    /// <summary>Whether a ticket is that of the open claim. For a slot that the ticket's claim was given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOpen(byte* slot, long ticket) => TAtomics.LoadPlain(ref *(long*)slot) == ticket;

    /// <summary>The slot of the ticket's claim while it is open; after that any slot, whose word is another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* SlotOf(long ticket) => Slots.At(ticket - TAtomics.LoadPlain(ref Cursor.Mark) - 1);

    /// <summary>
    /// Publishes the first <paramref name="count"/> slots of the open claim, at least one; the consumer learns of all of
    /// them by the first one's word. True when the gate isn't idle (somebody waits, or closes and may have seen it open),
    /// and each time another 64 messages have gone, for <see cref="Pace"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Publish(byte* slot, long ticket, int count, WaitGate<TAtomics> gate)
    {
        var end = ticket - TAtomics.LoadPlain(ref Cursor.Mark) + (count - 1);
        // SYNC: claim-end (store)
        TAtomics.StoreRelease(ref *(long*)slot, end); // SYNC: slot-publish (store)
        if (count > 1 || (end & Cursor.LineMask) == 0)
        {
            Cursor.Slot = (long)Slots.At(end);
            Cursor.Open = 0;
            TAtomics.StoreRelease(ref Cursor.Next, end); // SYNC: claim-end (store)
            if (((end ^ (end - count)) & -PaceEvery) != 0)
                return true;
        }
        return !gate.IsIdle;
    }

    /// <summary>Ends the open claim, publishing nothing. Returns as <see cref="Publish"/> does.</summary>
    internal bool Abort(byte* slot, WaitGate<TAtomics> gate)
    {
        TAtomics.StorePlain(ref Cursor.Mark, TAtomics.LoadPlain(ref Cursor.Mark) + 1);
        Cursor.Open = 0;
        TAtomics.StoreRelease(ref *(long*)slot, 0); // SYNC: claim-end (store)
        return !gate.IsIdle;
    }
}
