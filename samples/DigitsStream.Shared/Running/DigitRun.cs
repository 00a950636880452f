namespace Psyne.Flow.Samples.Digits;

/// <summary>A run that came to its end, for the terminal and the report.</summary>
/// <param name="Form">In which form the pipeline is written.</param>
/// <param name="Job">What was worked on, and what was found.</param>
/// <param name="Graph">The stages.</param>
/// <param name="Sampler">What the stages did over time.</param>
public sealed record DigitRun(string Form, DigitJob Job, StageGraph Graph, RunSampler Sampler)
{
    public long Images => Job.Learner.Handled;

    public double Seconds => Sampler.Last.Seconds;

    public double Rate => Images / Seconds;

    /// <summary>Images a second after the first quarter, when the code is compiled and the queues are full; null for a short run.</summary>
    public double? WarmRate => Sampler.Warm is { } warm && warm.Images <= Images / 2 ? (Images - warm.Images) / (Seconds - warm.Seconds) : null;

    /// <summary>Bytes that a stage allocated for each message after the first quarter; null where that isn't known.</summary>
    public double? AllocatedPerMessage(int stage)
    {
        if (Sampler.Warm is not { } warm)
            return null;
        var (before, after) = (warm.Stages[stage], Sampler.Last.Stages[stage]);
        return after.AllocatedBytes < 0 || after.Messages == before.Messages
            ? null
            : (double)(after.AllocatedBytes - before.AllocatedBytes) / (after.Messages - before.Messages);
    }
}
