using System.Threading.Channels;
using Psyne.Flow.Peers.Running;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// Two channels and an asynchronous loop that answers on the thread pool, as most programs would write it. The caller
/// has a thread of its own and spins, or blocks.
/// </summary>
internal sealed class ChannelAsyncEcho(Arrival arrival, bool parked) : IEcho
{
    private readonly Channel<ulong> there = ChannelEcho.Create(bounded: false);
    private readonly Channel<ulong> back = ChannelEcho.Create(bounded: false);

    public ulong Call(ulong value)
    {
        there.Writer.TryWrite(value);
        ulong answer;
        while (!back.Reader.TryRead(out answer))
        {
            if (parked)
            {
                Waiting.Block(back.Reader.WaitToReadAsync());
            }
            else
            {
                Thread.SpinWait(1);
            }
        }

        return answer;
    }

    public ulong Answer()
    {
        AnswerAsync().GetAwaiter().GetResult();
        return IEcho.Stop;
    }

    public void Dispose()
    {
    }

    private async Task AnswerAsync()
    {
        while (await there.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (there.Reader.TryRead(out var value))
            {
                arrival.Mark();
                back.Writer.TryWrite(value);
                if (value == IEcho.Stop)
                {
                    return;
                }
            }
        }
    }
}
