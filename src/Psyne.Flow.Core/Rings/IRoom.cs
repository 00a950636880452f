using Psyne.Flow.Atomics;

namespace Psyne.Flow.Rings;

/// <summary>How a producer learns which positions of its ring were released: what makes a ring's consumers differ, seen from the other side.</summary>
internal interface IRoom<TAtomics> where TAtomics : struct, IAtomics
{
    /// <summary>The gating sequence: every position before it was released by every consumer.</summary>
    /// <param name="claimed">The next position to be published: what is released when nobody consumes.</param>
    long Gating(long claimed);
}
