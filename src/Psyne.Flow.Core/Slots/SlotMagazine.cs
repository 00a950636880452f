using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Slots;

/// <summary>
/// How the one producer of a channel claims and publishes pooled slots: in turn, first freed first, and without a locked
/// instruction a claim. When its chain is empty it takes the whole free list at once.
/// </summary>
/// <remarks>
/// One thread at a time claims, and one publishes; <see cref="HasFree"/> and <see cref="IsPublishing"/> are for all, and
/// slots are freed by any thread into the table's free list. Its words lie on the slab, in the line of the table's count of
/// fresh slots, which its owner alone writes too. In turn means over <see cref="SpreadBytes"/> of slots: untouched ones
/// until so many circulate, and what a burst freed beyond them is set aside until nothing else is free.
/// <code>
/// +0   turn        long   the next slot's index + 1, links lead to later ones (0: empty); Turning: the list is under way
/// +8   reserve     long   slots set aside: index + 1, links lead to the others
/// +16  publishing  long   the claim whose lease is on its way to the ring, or 0
/// </code>
/// An owner that ends inside a claim loses no slot: what is claimed is so before it leaves its chain, and where Turning
/// stands, free slots are told by their words.
/// </remarks>
internal readonly unsafe struct SlotMagazine<TAtomics, TWidths>(byte* table, int slots, int spread)
    where TAtomics : struct, IAtomics
    where TWidths : struct, ISlotWidths
{
    /// <summary>
    /// Slots take turns over so much memory: more than a core's second-level cache, so that their lines have fallen out of
    /// the consumer's into the shared one before they are written again, and less than a fair part of that one. Of 0, 1,
    /// 2, 4, 8 and 16 MiB, 8 was the best or next to it for messages of 64 KiB and 1 MiB: docs/adr/0007.
    /// </summary>
    internal const long SpreadBytes = 8 << 20;

    internal const long Turning = 1L << 32;
    internal const int Size = 3 * sizeof(long);

    private readonly SlotTable<TAtomics, TWidths> _table = new(table, slots);

    internal ref long Turn => ref *(long*)(table + SlotTable<TAtomics, TWidths>.MagazineOffset);

    internal ref long Reserve => ref *(long*)(table + SlotTable<TAtomics, TWidths>.MagazineOffset + 8);

    internal ref long Publishing => ref *(long*)(table + SlotTable<TAtomics, TWidths>.MagazineOffset + 16);

    /// <summary>How many slots of a pool take turns.</summary>
    internal static int SpreadFor(int slots, long stride) => (int)Math.Clamp(SpreadBytes / stride, 1, slots);

    /// <summary>Whether a claim would find a slot; for others, true also while one is about to go.</summary>
    /// <remarks>
    /// Slots go from the list to the chain or the reserve and are looked for in that order, so that none slips past:
    /// otherwise a signal between would find nothing to wake the producer for.
    /// </remarks>
    internal bool HasFree =>
        _table.HasFree
        || TAtomics.LoadAcquire(ref Turn) != 0 // SYNC: slot-turn (load)
        || TAtomics.LoadAcquire(ref Reserve) != 0;

    /// <summary>Takes the slot for a claim whose turn it is. False when none is free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryClaim(out long handle)
    {
        var next = (int)TAtomics.LoadPlain(ref Turn);
        if (next == 0)
            return TryClaimSlow(out handle);
        handle = ClaimFrom(ref Turn, next);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryClaimSlow(out long handle)
    {
        var fresh = TAtomics.LoadPlain(ref _table.Fresh);
        if (fresh >= spread)
        {
            if (TryRefill())
                return TryClaim(out handle);
            if ((int)TAtomics.LoadPlain(ref Reserve) is var kept and not 0)
            {
                handle = ClaimFrom(ref Reserve, kept);
                return true;
            }
        }
        handle = 0;
        if (fresh == slots)
            return false;
        handle = _table.Claim((int)fresh);
        TAtomics.StoreRelease(ref _table.Fresh, fresh + 1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long ClaimFrom(ref long chain, int first)
    {
        var handle = _table.Claim(first - 1);
        TAtomics.StoreRelease(ref chain, TAtomics.LoadPlain(ref _table.Link(first - 1)));
        return handle;
    }

    /// <summary>Turns the free list round: the latest of it, as many as take turns, become the chain; older ones are set aside.</summary>
    private bool TryRefill()
    {
        if (!_table.HasFreed)
            return false;
        // Before the list is seen to be empty.
        TAtomics.StoreRelease(ref Turn, Turning); // SYNC: slot-turn (store)
        var freed = _table.TakeFreed();
        var chain = 0;
        for (var count = 0; freed != 0 && count < spread; count++)
            Move(ref freed, ref chain);
        if (freed != 0)
        {
            var reserve = (int)TAtomics.LoadPlain(ref Reserve);
            while (freed != 0)
                Move(ref freed, ref reserve);
            TAtomics.StoreRelease(ref Reserve, reserve);
        }
        TAtomics.StoreRelease(ref Turn, chain); // SYNC: slot-turn (store)
        return true;
    }

    private void Move(ref int from, ref int to)
    {
        ref var link = ref _table.Link(from - 1);
        var next = TAtomics.LoadPlain(ref link);
        TAtomics.StorePlain(ref link, to);
        to = from;
        from = next;
    }

    /// <summary>
    /// Turns a claim into its lease; <see cref="EndPublish"/> has to follow once that is in the ring. In between,
    /// <see cref="IsPublishing"/> shows it to a closing channel. False when it is a claim no more.
    /// </summary>
    internal bool TryPublish(long claim, out long lease)
    {
        lease = 0;
        // A claim that ended earlier must not stand in for the one that is on its way.
        if (SlotWord.Share(claim) != SlotWord.ClaimShare || !_table.IsHeld(claim))
            return false;
        TAtomics.StoreRelease(ref Publishing, claim);
        // Where two publish copies at once, who is refused leaves what it stored: taking it back could hide the other's lease
        // on its way. At worst the channel's end then waits for that message's release.
        return _table.TryTurnIntoLease(claim, out lease);
    }

    internal void EndPublish() => TAtomics.StoreRelease(ref Publishing, 0); // SYNC: claim-end (store)

    /// <summary>Whether a lease may be on its way to the ring. To be asked after the slots' words.</summary>
    internal bool IsPublishing
    {
        get
        {
            var claim = TAtomics.LoadAcquire(ref Publishing); // SYNC: claim-end (load)
            return claim != 0 && _table.IsLife(claim);
        }
    }
}
