namespace Psyne.Flow.ModelChecking.Mutants;

/// <summary>A seeded bug: one kind of operation, on one part of the memory, is weaker than the source says.</summary>
internal interface IBug
{
    static abstract Weakness Weakness { get; }

    /// <summary>The block of memory, by the name that the scenario gave it; "" for fences and barriers.</summary>
    static abstract string Block { get; }
}
