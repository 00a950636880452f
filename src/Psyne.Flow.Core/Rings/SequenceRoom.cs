using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>Room behind one consumer that releases in order: its gating sequence is the answer.</summary>
internal readonly unsafe struct SequenceRoom<TAtomics>(long* gating) : IRoom<TAtomics>
    where TAtomics : struct, IAtomics
{
    public long Gating(long claimed) => TAtomics.LoadAcquire(ref *gating); // SYNC: slot-release (load)
}
