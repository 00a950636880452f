namespace Psyne.Flow.Tests.Channels;

/// <summary>Tests that look at the whole process run while no other does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
