namespace Psyne.Flow.Samples.Digits;

/// <summary>One stage of a pipeline, for the table, the drawing and the curves.</summary>
/// <param name="Name">One word.</param>
/// <param name="Kind">What it is: a type.</param>
/// <param name="Does">What it does, in a few words.</param>
/// <param name="Read">Its counts now; any thread may ask.</param>
public sealed record Stage(string Name, string Kind, string Does, Func<StageCounts> Read);
