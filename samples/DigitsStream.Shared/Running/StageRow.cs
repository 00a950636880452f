namespace Psyne.Flow.Samples.Digits;

/// <summary>What a table tells of a stage, on the terminal and in the report.</summary>
internal static class StageRow
{
    public static IReadOnlyList<string> Head { get; } = ["stage", "messages", "msg/s", "waiting", "most", "waits", "bytes", "B/msg"];

    /// <summary>The figures of a stage; a dash for what nobody counts.</summary>
    public static IReadOnlyList<string> Of(DigitRun run, int stage)
    {
        var counts = run.Sampler.Last.Stages[stage];
        return
        [
            run.Graph.Stages[stage].Name,
            Count(counts.Messages),
            counts.Messages < 0 ? "-" : $"{counts.Messages / run.Seconds:N0}",
            counts.Waiting < 0 ? "-" : $"{run.Sampler.MeanWaiting(stage):N0}",
            Count(counts.Waiting < 0 ? -1 : run.Sampler.MostWaiting(stage)),
            Count(counts.Waits),
            Count(counts.AllocatedBytes),
            run.AllocatedPerMessage(stage) is { } bytes ? $"{bytes:F3}" : "-",
        ];
    }

    private static string Count(long count) => count < 0 ? "-" : $"{count:N0}";
}
