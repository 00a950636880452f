using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>A TransformBlock that answers on the thread pool; the caller posts to it and receives from it, spinning or blocked.</summary>
internal sealed class TransformBlockEcho : IEcho
{
    private readonly Arrival arrival;
    private readonly bool parked;
    private readonly ManualResetEventSlim stopped = new();
    private readonly TransformBlock<ulong, ulong> block;

    public TransformBlockEcho(Arrival arrival, bool parked)
    {
        this.arrival = arrival;
        this.parked = parked;
        block = new TransformBlock<ulong, ulong>(Transform, new ExecutionDataflowBlockOptions { SingleProducerConstrained = true });
    }

    public ulong Call(ulong value)
    {
        block.Post(value);
        if (parked)
        {
            return block.Receive();
        }

        ulong answer;
        while (!block.TryReceive(out answer))
        {
            Thread.SpinWait(1);
        }

        return answer;
    }

    public ulong Answer()
    {
        stopped.Wait();
        stopped.Reset();
        return IEcho.Stop;
    }

    public void Dispose() => stopped.Dispose();

    private ulong Transform(ulong value)
    {
        arrival.Mark();
        if (value == IEcho.Stop)
        {
            stopped.Set();
        }

        return value;
    }
}
