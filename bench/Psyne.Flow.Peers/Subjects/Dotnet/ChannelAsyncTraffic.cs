using System.Threading.Channels;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// System.Threading.Channels with asynchronous consumers on the thread pool, as most programs write them; the runner's
/// consumer threads only wait for them to end. Producers keep threads of their own.
/// </summary>
internal sealed class ChannelAsyncTraffic<T, TCargo>(Shape shape, TCargo cargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private readonly ChannelTraffic<T, TCargo> channel = new(shape, cargo, bounded);

    public void Begin(long messages) => channel.Begin(messages);

    public void Write(int producer, ulong first, int count) => channel.Write(producer, first, count);

    public void CompleteWriting() => channel.CompleteWriting();

    public bool Read(int consumer, ref Tally tally)
    {
        tally = ReadAllAsync(tally).GetAwaiter().GetResult();
        return false;
    }

    public long End() => channel.End();

    public void Dispose() => channel.Dispose();

    private async Task<Tally> ReadAllAsync(Tally tally)
    {
        // Off the runner's thread from the first message on.
        await Task.Yield();
        do
        {
            channel.Drain(ref tally);
        }
        while (await channel.WaitToReadAsync().ConfigureAwait(false));

        return tally;
    }
}
