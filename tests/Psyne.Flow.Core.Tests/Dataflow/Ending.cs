namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The ways a block ends.</summary>
public enum Ending { Complete, Fault, Cancel }
