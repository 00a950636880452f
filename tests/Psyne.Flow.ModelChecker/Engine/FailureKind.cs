namespace Psyne.Flow.ModelChecking;

/// <summary>What an explored execution did wrong.</summary>
public enum FailureKind
{
    /// <summary>Two conflicting accesses, at least one of them plain, with no happens-before between them.</summary>
    Race,

    /// <summary>An exception left the code under test, or the after-check.</summary>
    Assertion,

    /// <summary>Nobody can go on, and somebody is parked: a lost wake-up.</summary>
    Deadlock,

    /// <summary>Everybody left only waits in Pause for a store that nobody will make, or the step limit was passed.</summary>
    Livelock,

    /// <summary>The seam is used against its contract: mixed word sizes, misalignment, parking outside a thread.</summary>
    Misuse,

    /// <summary>The same schedule led to another execution: the code under test depends on something unseen.</summary>
    Nondeterminism,
}
