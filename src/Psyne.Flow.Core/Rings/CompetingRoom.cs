using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>
/// Room behind competing consumers, who release in any order by the slots' own words: the released run is found by
/// walking the words from where the last walk ended, each position once.
/// </summary>
internal readonly unsafe struct CompetingRoom<T, TAtomics>(RingSlots<T> slots, long* gating) : IRoom<TAtomics>
    where T : unmanaged
    where TAtomics : struct, IAtomics
{
    /// <summary>Positions walked in one call: enough to pay for the call, few enough not to pull the whole ring in.</summary>
    private const int Stretch = 256;

    public long Gating(long claimed)
    {
        // Several producers may walk at once. Each value that is ever stored was true when it was stored and stays true,
        // so a late store of a smaller one costs a second walk and nothing else.
        var from = TAtomics.LoadAcquire(ref *gating);
        var to = from;
        var end = Math.Min(claimed, from + Stretch);
        while (to < end && TAtomics.LoadAcquire(ref slots.Word(to)) == -(to + 1)) // SYNC: slot-return (load)
            to++;
        if (to != from)
            TAtomics.StoreRelease(ref *gating, to); // SYNC: gating-walk (store)
        return to;
    }
}
