using System.Collections.Concurrent;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>BlockingCollection over its ConcurrentQueue, bounded: Add and TryTake, both of which wait.</summary>
internal sealed class BlockingTraffic<T, TCargo>(Shape shape, TCargo cargo) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private const int MostAtOnce = 4096;

    private BlockingCollection<T>? collection;

    public void Begin(long messages) => collection = new BlockingCollection<T>(shape.Capacity);

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        var to = collection!;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            to.Add(cargo.Load(stamp));
        }
    }

    public void CompleteWriting() => collection!.CompleteAdding();

    public bool Read(int consumer, ref Tally tally)
    {
        var local = tally;
        var from = collection!;
        var count = 0;
        for (; count < MostAtOnce && from.TryTake(out var item, Timeout.Infinite); count++)
        {
            local.Add(cargo.Unload(in item));
        }

        tally = local;
        return count == MostAtOnce;
    }

    public long End()
    {
        Dispose();
        return 0;
    }

    public void Dispose()
    {
        collection?.Dispose();
        collection = null;
    }
}
