namespace Psyne.Flow.ModelChecking.Mutants;

/// <summary>What a seeded bug weakens.</summary>
internal enum Weakness
{
    /// <summary>A store that should release, doesn't.</summary>
    Release,

    /// <summary>A load that should acquire, doesn't.</summary>
    Acquire,

    /// <summary>A read-modify-write is a load and a store.</summary>
    Atomicity,

    /// <summary>A compare-and-swap compares the low 24 bits alone, without the count above them.</summary>
    Tag,

    /// <summary>A full fence is left out.</summary>
    Fence,

    /// <summary>A process-wide barrier is left out.</summary>
    Barrier,

    /// <summary>Nobody is woken.</summary>
    Wake,
}
