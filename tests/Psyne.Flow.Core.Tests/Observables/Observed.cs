using System.Collections.Concurrent;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Observables;

/// <summary>What an observer of any form was told.</summary>
internal sealed record Observed(ConcurrentQueue<int> Numbers, List<string> Wrongs, Task<Exception?> End)
{
    internal void UntilSeen(int count) => Hang.Until(() => Numbers.Count >= count);

    /// <summary>Exactly these, one after another, and then this end.</summary>
    internal async Task HasSeen(IEnumerable<int> numbers, Exception? end = null)
    {
        Assert.Same(end, await End.Guard());
        Assert.Equal(numbers, Numbers);
        Assert.Empty(Wrongs);
    }
}
