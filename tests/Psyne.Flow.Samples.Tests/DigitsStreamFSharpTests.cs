namespace Psyne.Flow.Samples.Tests;

/// <summary>The form in F#. A flow's blocks are its own: what their stages allocate is not told.</summary>
public sealed class DigitsStreamFSharpTests() : SampleContract("DigitsStream.FSharp")
{
    protected override int CountedStages => 8;
}
