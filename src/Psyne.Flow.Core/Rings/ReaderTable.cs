using Psyne.Flow.Atomics;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Rings;

/// <summary>The gating sequences of a broadcast's consumers, a padded line each.</summary>
/// <remarks>
/// <code>
/// +0     high      int    lines that were ever used: what a producer has to look at
/// +128   line 0    long   gating sequence; Free: nobody's; Joining: taken, and not yet joined
/// +256   line 1    ...
/// </code>
/// </remarks>
internal readonly unsafe struct ReaderTable<TAtomics>(byte* table, int capacity)
    where TAtomics : struct, IAtomics
{
    internal const long Free = long.MaxValue;
    internal const long Joining = long.MaxValue - 1;

    internal int Capacity => capacity;

    internal static long SizeFor(int capacity) => (capacity + 1L) * CacheLine.Padding;

    internal ref long Line(int index) => ref *(long*)(table + (index + 1L) * CacheLine.Padding);

    /// <summary>Makes all lines free; before anybody else sees the table.</summary>
    internal void Clear()
    {
        for (var i = 0; i < capacity; i++)
            Line(i) = Free;
    }

    /// <summary>Takes a free line, or -1 when all are taken.</summary>
    internal int Take()
    {
        for (var i = 0; i < capacity; i++)
        {
            if (TAtomics.CompareExchange(ref Line(i), Joining, Free) != Free)
                continue;
            ref var high = ref *(int*)table;
            for (var seen = TAtomics.LoadAcquire(ref high); seen <= i;)
            {
                var was = TAtomics.CompareExchange(ref high, i + 1, seen);
                if (was == seen)
                    break;
                seen = was;
            }
            return i;
        }
        return -1;
    }

    /// <summary>Starts a consumer at the present end: it gates every producer from here on. Returns its first position.</summary>
    internal long Join(int index, ref readonly long tail)
    {
        // Gate conservatively first, then look at the tail again: a producer that scanned without seeing this line
        // published up to a position that the second look includes.
        TAtomics.StoreRelease(ref Line(index), TAtomics.LoadAcquire(in tail));
        TAtomics.FullFence(); // SYNC: reader-join (store)
        var start = TAtomics.LoadAcquire(in tail);
        TAtomics.StoreRelease(ref Line(index), start);
        return start;
    }

    internal void Leave(int index) => TAtomics.StoreRelease(ref Line(index), Free);

    /// <summary>The smallest gating sequence, or <paramref name="claimed"/> when nobody reads.</summary>
    internal long Slowest(long claimed)
    {
        var slowest = claimed;
        for (var i = TAtomics.LoadAcquire(ref *(int*)table) - 1; i >= 0; i--)
            slowest = Math.Min(slowest, TAtomics.LoadAcquire(ref Line(i))); // SYNC: slot-release (load)
        return slowest;
    }
}
