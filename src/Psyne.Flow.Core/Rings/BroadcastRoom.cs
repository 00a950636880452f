using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>Room behind broadcast consumers: the slowest of them gates.</summary>
internal readonly struct BroadcastRoom<TAtomics>(ReaderTable<TAtomics> readers) : IRoom<TAtomics>
    where TAtomics : struct, IAtomics
{
    public long Gating(long claimed)
    {
        // The fence answers the one in ReaderTable.Join: either this scan sees the new reader, or the reader starts
        // at a position that was published before the scan.
        TAtomics.FullFence(); // SYNC: reader-join (load)
        return readers.Slowest(claimed);
    }
}
