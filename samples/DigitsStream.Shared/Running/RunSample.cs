namespace Psyne.Flow.Samples.Digits;

/// <summary>The counts of all stages at a moment.</summary>
/// <param name="Seconds">Since the start.</param>
/// <param name="Images">Images that came to their end.</param>
/// <param name="Stages">In the order of the graph's stages.</param>
public sealed record RunSample(double Seconds, long Images, IReadOnlyList<StageCounts> Stages);
