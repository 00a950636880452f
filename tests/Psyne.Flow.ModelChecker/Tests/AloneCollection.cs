using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>Tests that need the machine's cores for themselves: they run after all others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public class AloneCollection;
