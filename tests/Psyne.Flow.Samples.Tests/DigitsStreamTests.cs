namespace Psyne.Flow.Samples.Tests;

/// <summary>The form in C#.</summary>
public sealed class DigitsStreamTests() : SampleContract("DigitsStream");
