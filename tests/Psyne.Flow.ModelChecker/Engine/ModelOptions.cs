namespace Psyne.Flow.ModelChecking;

/// <summary>What one check explores, and where it stops.</summary>
internal sealed record ModelOptions
{
    public MemoryModel Model { get; init; } = MemoryModel.Weak;

    /// <summary>Switches away from a thread that could have gone on, per execution. Random mode has no such bound.</summary>
    public int Preemptions { get; init; } = 2;

    /// <summary>
    /// Bounds preemptions, stale reads, early timeouts and spurious wakes together as well, and with them every choice of
    /// another thread than the next in turn when one waits or ends (null: those are free). For scenarios of more than
    /// two threads, whose space is too large otherwise. After Emmi, Qadeer, Rakamaric: Delay-bounded scheduling (POPL 2011).
    /// </summary>
    public int? Deviations { get; init; }

    /// <summary>
    /// Weak behaviours per execution: loads that choose a stale value (Weak), or accesses that choose to come before
    /// another thread's buffered store (Tso). Four times as many in random mode.
    /// </summary>
    public int StaleReads { get; init; } = 2;

    /// <summary>How many different stale values a single load may choose from: the nearest ones and the oldest.</summary>
    public int StaleDepth { get; init; } = 4;

    /// <summary>Parks that time out although somebody could still go on; when nobody can, timing out is free.</summary>
    public int Timeouts { get; init; } = 2;

    /// <summary>Parks that return for no reason.</summary>
    public int SpuriousWakes { get; init; }

    /// <summary>The thread that may end at any of its steps; null for none.</summary>
    public int? CrashThread { get; init; }

    /// <summary>Operations in one execution; more is reported as a livelock.</summary>
    public int MaxSteps { get; init; } = 5_000;

    /// <summary>The search stops here; an exhaustive one then reports that it isn't complete.</summary>
    public int MaxExecutions { get; init; } = 1_000_000;

    /// <summary>The search stops after this time, as with <see cref="MaxExecutions"/>. Depends on the machine.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Draws choices from <see cref="Seed"/> instead of enumerating them.</summary>
    public bool Random { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Bytes that <see cref="ModelMemory"/> can hand out in one execution.</summary>
    public int MemoryBytes { get; init; } = 1 << 20;
}
