using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Slots;

/// <summary>
/// The pooled slots' words and their free list: who holds a slot, and which are free. Claims here are last in, first out;
/// where one producer claims, it does so through a <see cref="SlotMagazine{TAtomics,TWidths}"/>, in turn.
/// </summary>
/// <remarks>
/// Any thread may call it. The free list is Treiber's stack, its head tagged with a count against ABA; slots that were
/// never used are taken from a counter, so that an untouched pool costs no pages.
/// <code>
/// +0    head      long   count 40 | index + 1: 24 (0: empty)
/// +128  fresh     long   slots that were ever used
/// +136  magazine  long[3]      the one producer's; 0 where several claim
/// +256  words     long[slots]
///       links     int[slots]   the next free slot's index + 1
/// </code>
/// </remarks>
internal readonly unsafe struct SlotTable<TAtomics, TWidths>(byte* table, int slots)
    where TAtomics : struct, IAtomics
    where TWidths : struct, ISlotWidths
{
    internal const int FreshOffset = 128;
    internal const int MagazineOffset = FreshOffset + sizeof(long);
    internal const int WordsOffset = 256;
    private const long HeadMask = (1L << 24) - 1;

    internal int Slots => slots;

    internal static long SizeFor(int slots) => WordsOffset + slots * (long)(sizeof(long) + sizeof(int));

    private ref long Head => ref *(long*)table;

    /// <summary>Slots that were ever used. A sole claimer counts without a compare-and-swap.</summary>
    internal ref long Fresh => ref *(long*)(table + FreshOffset);

    internal ref long Word(int index) => ref ((long*)(table + WordsOffset))[index];

    /// <summary>The next free slot's index + 1. Whoever puts the slot into a list writes it, and whoever takes it out reads it.</summary>
    internal ref int Link(int index) => ref ((int*)(table + WordsOffset + slots * (long)sizeof(long)))[index];

    /// <summary>Takes a free slot for a claim. False when none is free.</summary>
    internal bool TryClaim(out long handle)
    {
        if (!TryPop(out var index))
        {
            handle = 0;
            return false;
        }
        handle = Claim(index);
        return true;
    }

    /// <summary>Makes a free slot, which the caller took out of its list, a claim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Claim(int index)
    {
        ref var word = ref Word(index);
        var generation = SlotWord.Generation(TAtomics.LoadAcquire(ref word));
        // Nobody else may change a free slot's word, so a store will do; it is a release for the scans of diagnostics.
        TAtomics.StoreRelease(ref word, SlotWord.Pack(generation, 0, 1L << SlotWord.ClaimShare));
        return SlotWord.Pack(generation, SlotWord.ClaimShare, index);
    }

    /// <summary>Whether a slot is in the free list.</summary>
    internal bool HasFreed => (TAtomics.LoadAcquire(ref Head) & HeadMask) != 0; // SYNC: slot-turn (load)

    internal bool HasFree => HasFreed || TAtomics.LoadAcquire(ref Fresh) < slots;

    /// <summary>
    /// Adds the first lease to a claim; the claim's own share is released once the lease is in the ring, so that a
    /// closing channel never overlooks it. False, and nothing changed, when it is a claim no more.
    /// </summary>
    internal bool TryPublish(long claim, out long lease)
    {
        var generation = SlotWord.Generation(claim);
        var index = SlotWord.Index(claim);
        lease = SlotWord.Pack(generation, 0, index);
        var claimed = SlotWord.Pack(generation, 0, 1L << SlotWord.ClaimShare);
        return SlotWord.Share(claim) == SlotWord.ClaimShare
            && TAtomics.CompareExchange(ref Word(index), claimed | SlotWord.Pack(0, 1, 1), claimed) == claimed;
    }

    /// <summary>Turns a claim into the first lease at once. False, and nothing changed, when it is a claim no more.</summary>
    internal bool TryTurnIntoLease(long claim, out long lease)
    {
        var generation = SlotWord.Generation(claim);
        var index = SlotWord.Index(claim);
        lease = SlotWord.Pack(generation, 0, index);
        var claimed = SlotWord.Pack(generation, 0, 1L << SlotWord.ClaimShare);
        return TAtomics.CompareExchange(ref Word(index), SlotWord.Pack(generation, 1, 1), claimed) == claimed;
    }

    internal bool IsHeld(long handle) =>
        (uint)SlotWord.Index(handle) < (uint)slots && SlotWord.Holds(TAtomics.LoadAcquire(ref Word(SlotWord.Index(handle))), handle);

    /// <summary>Whether the handle's share is the only one that is live: its holder may write the message.</summary>
    internal bool IsSole(long handle)
    {
        var word = TAtomics.LoadAcquire(ref Word(SlotWord.Index(handle))); // SYNC: share-end (load)
        return SlotWord.Holds(word, handle) && SlotWord.Live(word) == 1L << SlotWord.Share(handle);
    }

    /// <summary>Whether the life that the handle names goes on, whoever holds it.</summary>
    internal bool IsLife(long handle) =>
        SlotWord.Generation(TAtomics.LoadAcquire(ref Word(SlotWord.Index(handle)))) == SlotWord.Generation(handle);

    /// <summary>
    /// Adds a share for another lease. False when the handle is stale, or (<paramref name="exhausted"/>) when this life
    /// has no direct share left.
    /// </summary>
    internal bool TryRetain(long handle, out long lease, out bool exhausted)
    {
        ref var word = ref Word(SlotWord.Index(handle));
        var seen = TAtomics.LoadAcquire(ref word);
        while (SlotWord.Holds(seen, handle))
        {
            var share = SlotWord.NextShare(seen);
            if (share >= SlotWord.DirectShares)
            {
                lease = 0;
                exhausted = true;
                return false;
            }
            var was = TAtomics.CompareExchange(ref word, seen + (1L << SlotWord.IndexBits) | 1L << share, seen);
            if (was == seen)
            {
                lease = SlotWord.Pack(SlotWord.Generation(handle), share, SlotWord.Index(handle));
                exhausted = false;
                return true;
            }
            seen = was;
        }
        lease = 0;
        exhausted = false;
        return false;
    }

    /// <summary>Adds the overflow record's share. False when the handle is stale or the record is there already.</summary>
    internal bool TryRetainOverflow(long handle, out long lease)
    {
        ref var word = ref Word(SlotWord.Index(handle));
        lease = SlotWord.Pack(SlotWord.Generation(handle), SlotWord.OverflowShare, SlotWord.Index(handle));
        var seen = TAtomics.LoadAcquire(ref word);
        while (SlotWord.Holds(seen, handle) && (seen & 1L << SlotWord.OverflowShare) == 0)
        {
            var was = TAtomics.CompareExchange(ref word, seen | 1L << SlotWord.OverflowShare, seen);
            if (was == seen)
                return true;
            seen = was;
        }
        return false;
    }

    /// <summary>Ends a lease or aborts a claim; the last share frees the slot. False, and nothing changed, when it ended before.</summary>
    internal bool Release(long handle) => Release(handle, out _);

    /// <inheritdoc cref="Release(long)"/>
    /// <param name="handle">The lease or claim.</param>
    /// <param name="last">Whether it was the slot's last share.</param>
    internal bool Release(long handle, out bool last)
    {
        var index = SlotWord.Index(handle);
        ref var word = ref Word(index);
        var seen = TAtomics.LoadAcquire(ref word);
        while (SlotWord.Holds(seen, handle))
        {
            var left = seen & ~(1L << SlotWord.Share(handle));
            last = SlotWord.Live(left) == 0;
            var was = TAtomics.CompareExchange(ref word, last ? SlotWord.Freed<TWidths>(seen) : left, seen); // SYNC: share-end (store)
            if (was == seen)
            {
                if (last)
                    Push(index);
                return true;
            }
            seen = was;
        }
        last = false;
        return false;
    }

    private bool TryPop(out int index)
    {
        var head = TAtomics.LoadAcquire(ref Head); // SYNC: free-list (load)
        while ((head & HeadMask) != 0)
        {
            index = (int)(head & HeadMask) - 1;
            // Another thread may have taken the slot and be linking it anew: then the head's count has changed and the swap fails.
            var next = TAtomics.LoadAcquire(ref Link(index));
            var was = TAtomics.CompareExchange(ref Head, Tagged(head, next), head);
            if (was == head)
                return true;
            head = was;
        }
        return TryTakeFresh(out index);
    }

    /// <summary>Takes the whole free list, the slot freed last first. Its index + 1, or 0.</summary>
    internal int TakeFreed()
    {
        var head = TAtomics.LoadAcquire(ref Head);
        while ((head & HeadMask) != 0)
        {
            var was = TAtomics.CompareExchange(ref Head, Tagged(head, 0), head); // SYNC: free-list (load)
            if (was == head)
                break;
            head = was;
        }
        return (int)(head & HeadMask);
    }

    private bool TryTakeFresh(out int index)
    {
        var fresh = TAtomics.LoadAcquire(ref Fresh);
        while (fresh < slots)
        {
            var was = TAtomics.CompareExchange(ref Fresh, fresh + 1, fresh);
            if (was == fresh)
            {
                index = (int)fresh;
                return true;
            }
            fresh = was;
        }
        index = -1;
        return false;
    }

    private void Push(int index)
    {
        var head = TAtomics.LoadAcquire(ref Head);
        while (true)
        {
            TAtomics.StoreRelease(ref Link(index), (int)(head & HeadMask));
            var was = TAtomics.CompareExchange(ref Head, Tagged(head, index + 1), head); // SYNC: free-list (store)
            if (was == head)
                return;
            head = was;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Tagged(long previous, int indexPlusOne) => (previous & ~HeadMask) + (HeadMask + 1) | (uint)indexPlusOne;

    /// <summary>Slots that anybody but the first lease holds: of a broadcast, whose first lease is the ring's.</summary>
    internal int CountShared()
    {
        var shared = 0;
        var used = (int)TAtomics.LoadAcquire(ref Fresh);
        for (var i = 0; i < used; i++)
            if ((SlotWord.Live(TAtomics.LoadAcquire(ref Word(i))) & ~(1L | 1L << SlotWord.ClaimShare)) != 0)
                shared++;
        return shared;
    }

    /// <summary>Slots with the claim share, and slots with any other: a moment's view, for closing and for diagnostics.</summary>
    internal (int Claimed, int Leased) CountHeld() => CountHeld(out _);

    /// <summary>Whether a slot is still leased in the life in which it was counted.</summary>
    internal bool IsLeased((int Index, long Generation) witness)
    {
        var word = TAtomics.LoadAcquire(ref Word(witness.Index));
        return SlotWord.Generation(word) == witness.Generation && SlotWord.Live(word) is var live && live != 0 && (live & 1L << SlotWord.ClaimShare) == 0;
    }

    /// <summary>As <see cref="CountHeld()"/>, with one of the leased slots, any of them as likely: its index and its life.</summary>
    internal (int Claimed, int Leased) CountHeld(out (int Index, long Generation) witness)
    {
        var (claimed, leased) = (0, 0);
        var random = 1u;
        witness = (-1, 0);
        var used = (int)TAtomics.LoadAcquire(ref Fresh);
        for (var i = 0; i < used; i++)
        {
            var word = TAtomics.LoadAcquire(ref Word(i));
            var live = SlotWord.Live(word);
            if ((live & 1L << SlotWord.ClaimShare) != 0)
                claimed++;
            else if (live != 0)
            {
                leased++;
                random = (random * 1664525) + 1013904223; // Numerical Recipes' generator
                if ((ulong)random * (uint)leased >> 32 == 0)
                    witness = (i, SlotWord.Generation(word));
            }
        }
        return (claimed, leased);
    }
}
