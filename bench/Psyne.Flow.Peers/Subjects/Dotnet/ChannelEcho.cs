using System.Threading.Channels;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>Two channels between two threads of their own: both spin on TryRead, or both block in WaitToReadAsync.</summary>
internal sealed class ChannelEcho(Arrival arrival, bool bounded, bool parked) : IEcho
{
    private readonly Channel<ulong> there = Create(bounded);
    private readonly Channel<ulong> back = Create(bounded);

    public ulong Call(ulong value)
    {
        there.Writer.TryWrite(value);
        return Receive(back.Reader);
    }

    public ulong Answer()
    {
        var value = Receive(there.Reader);
        arrival.Mark();
        back.Writer.TryWrite(value);
        return value;
    }

    public void Dispose()
    {
    }

    internal static Channel<ulong> Create(bool bounded) => bounded
        ? Channel.CreateBounded<ulong>(new BoundedChannelOptions(4096) { SingleReader = true, SingleWriter = true })
        : Channel.CreateUnbounded<ulong>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private ulong Receive(ChannelReader<ulong> reader)
    {
        ulong value;
        while (!reader.TryRead(out value))
        {
            if (parked)
            {
                Waiting.Block(reader.WaitToReadAsync());
            }
            else
            {
                Thread.SpinWait(1);
            }
        }

        return value;
    }
}
