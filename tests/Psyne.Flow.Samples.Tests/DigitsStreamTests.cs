namespace Psyne.Flow.Samples.Tests;

/// <summary>The form in C#.</summary>
public sealed class DigitsStreamTests() : SampleContract("DigitsStream")
{
    protected override int CountedStages => 10;

    /// <summary>Next to nothing: buffers that grow once, over a hundred thousand messages.</summary>
    protected override void AssertAllocations(IReadOnlyDictionary<string, double?> bytes) => Assert.All(
        new[] { "read", "parse", "scale", "measure", "share", "keep", "batch" },
        stage => Assert.InRange(bytes[stage]!.Value, 0, 1));
}
