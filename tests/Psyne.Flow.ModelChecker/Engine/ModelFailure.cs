namespace Psyne.Flow.ModelChecking;

/// <summary>A bad execution, with what is needed to read it and to run it again.</summary>
internal sealed class ModelFailure : Exception
{
    public ModelFailure(FailureKind kind, string reason, string trace, string schedule, ulong? seed, Exception? inner)
        : base(Describe(kind, reason, trace, schedule, seed), inner)
    {
        Kind = kind;
        Reason = reason;
        Trace = trace;
        Schedule = schedule;
        Seed = seed;
    }

    public FailureKind Kind { get; }

    /// <summary>What went wrong, without the trace.</summary>
    public string Reason { get; }

    /// <summary>One line a step: step number, thread, operation, location, value, where in the source.</summary>
    public string Trace { get; }

    /// <summary>Give this to <see cref="Model.Replay"/>, with the same options.</summary>
    public string Schedule { get; }

    /// <summary>The seed of the random search that found it; null after an exhaustive one.</summary>
    public ulong? Seed { get; }

    private static string Describe(FailureKind kind, string reason, string trace, string schedule, ulong? seed) =>
        $"""
        {kind}: {reason}
        schedule: "{schedule}"{(seed is { } s ? $" (random, seed {s})" : "")}
        {trace}
        """;
}
