using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>Two BufferBlocks between two threads of their own: both spin on TryReceive, or both block in Receive.</summary>
internal sealed class BufferBlockEcho(Arrival arrival, bool parked) : IEcho
{
    private readonly BufferBlock<ulong> there = new();
    private readonly BufferBlock<ulong> back = new();

    public ulong Call(ulong value)
    {
        there.Post(value);
        return Receive(back);
    }

    public ulong Answer()
    {
        var value = Receive(there);
        arrival.Mark();
        back.Post(value);
        return value;
    }

    public void Dispose()
    {
    }

    private ulong Receive(BufferBlock<ulong> block)
    {
        if (parked)
        {
            return block.Receive();
        }

        ulong value;
        while (!block.TryReceive(out value))
        {
            Thread.SpinWait(1);
        }

        return value;
    }
}
