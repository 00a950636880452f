namespace Psyne.Flow.ModelChecking;

/// <summary>What a thread may see of the stores of others. (Public: xunit theories take it.)</summary>
public enum MemoryModel
{
    /// <summary>.NET's own model, as arm64 gives it: only acquire, release, read-modify-writes and fences order.</summary>
    Weak,

    /// <summary>x86: total store order; each thread's stores wait in a first-in-first-out buffer.</summary>
    Tso,
}
