using System.Collections.Concurrent;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>Two BlockingCollections between two threads of their own: both spin on TryTake, or both block in Take.</summary>
internal sealed class BlockingEcho(Arrival arrival, bool parked) : IEcho
{
    private readonly BlockingCollection<ulong> there = new(4096);
    private readonly BlockingCollection<ulong> back = new(4096);

    public ulong Call(ulong value)
    {
        there.Add(value);
        return Receive(back);
    }

    public ulong Answer()
    {
        var value = Receive(there);
        arrival.Mark();
        back.Add(value);
        return value;
    }

    public void Dispose()
    {
        there.Dispose();
        back.Dispose();
    }

    private ulong Receive(BlockingCollection<ulong> from)
    {
        if (parked)
        {
            return from.Take();
        }

        ulong value;
        while (!from.TryTake(out value))
        {
            Thread.SpinWait(1);
        }

        return value;
    }
}
