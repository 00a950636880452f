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
        var from = TAtomics.LoadAcquire(ref *gating); // SYNC: gating-walk (load)
        var to = from;
        var end = Math.Min(claimed, from + Stretch);
        while (to < end && TAtomics.LoadAcquire(ref slots.Word(to)) == -(to + 1)) // SYNC: slot-return (load)
            to++;
        if (to == from)
            return TAtomics.LoadAcquire(ref *gating); // others may have walked on meanwhile
        // Several producers may walk at once, and a walk may be slow. It must never set the sequence back: the words
        // behind it belong to later laps by then, and no walk would get past them again.
        var was = TAtomics.CompareExchange(ref *gating, to, from); // SYNC: gating-walk (store)
        return was == from ? to : was;
    }
}
