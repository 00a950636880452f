namespace Psyne.Flow.Samples.Digits;

/// <summary>What the command line asks for.</summary>
/// <param name="Epochs">How often the file is streamed.</param>
/// <param name="Capacity">Messages that each stage holds.</param>
/// <param name="Window">Images in a window of the classifier.</param>
/// <param name="Input">The data file.</param>
/// <param name="SkipBad">Whether bad lines are left out; else the first ends the run.</param>
/// <param name="Report">Where the report is written; null for none.</param>
public sealed record RunOptions(int Epochs, int Capacity, int Window, string Input, bool SkipBad, string? Report)
{
    public const int LargestEpochs = 1_000_000;
    public const int LargestCapacity = 1 << 16;
    public const int LargestWindow = 1 << 12;

    /// <summary>Images in a batch of the statistics: no more than a stage holds, so that a batch gets full.</summary>
    public int BatchSize => Math.Min(64, Capacity);
}
