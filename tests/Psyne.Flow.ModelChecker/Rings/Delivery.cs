using Xunit;

namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>
/// The oracle of a ring: every message to exactly one consumer, and each consumer sees each producer's in order. Message
/// i of producer p is 100 p + i. Seen by one thread at a time: the checker knows nothing of it.
/// </summary>
internal sealed class Delivery(int consumers)
{
    private readonly List<long>[] _received = [.. Enumerable.Range(0, consumers).Select(_ => new List<long>())];

    public int Count => _received.Sum(list => list.Count);

    public void Add(int consumer, long message)
    {
        var earlier = _received[consumer];
        Assert.DoesNotContain(earlier, other => other / 100 == message / 100 && other >= message);
        earlier.Add(message);
    }

    public void AssertAll(params int[] messagesOfProducers) => Assert.Equal(
        messagesOfProducers.SelectMany((count, producer) => Enumerable.Range(0, count).Select(i => 100L * producer + i)),
        _received.SelectMany(list => list).Order());
}
