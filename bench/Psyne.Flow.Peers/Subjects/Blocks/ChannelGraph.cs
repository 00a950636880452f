using System.Threading.Channels;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Subjects.Dotnet;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Blocks;

/// <summary>A pipeline of System.Threading.Channels: a loop for each stage, from one channel into the next.</summary>
internal sealed class ChannelGraph<T, TCargo>(Graph graph, Func<TCargo> makeCargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private TCargo cargo;
    private ChannelWriter<T> head = null!;
    private Task<Tally> done = null!;

    private Channel<T> NewChannel() => bounded
        ? Channel.CreateBounded<T>(new BoundedChannelOptions(graph.Bound) { SingleReader = true, SingleWriter = true })
        : Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public void Begin(long messages)
    {
        cargo = makeCargo();
        var last = NewChannel();
        head = last.Writer;
        for (var stage = 2; stage < graph.Size; stage++)
        {
            var next = NewChannel();
            var from = last.Reader;
            _ = Task.Run(() => TransformAsync(from, next.Writer));
            last = next;
        }

        var end = last.Reader;
        done = Task.Run(() => ActAsync(end));
    }

    private static async Task TransformAsync(ChannelReader<T> from, ChannelWriter<T> to)
    {
        while (await from.WaitToReadAsync().ConfigureAwait(false))
        {
            while (from.TryRead(out var message))
            {
                if (!to.TryWrite(message))
                {
                    await to.WriteAsync(message).ConfigureAwait(false);
                }
            }
        }

        to.Complete();
    }

    private async Task<Tally> ActAsync(ChannelReader<T> from)
    {
        var tally = new Tally(1);
        while (await from.WaitToReadAsync().ConfigureAwait(false))
        {
            while (from.TryRead(out var message))
            {
                tally.Add(cargo.Unload(in message));
            }
        }

        return tally;
    }

    public void Write(int producer, ulong first, int count)
    {
        for (var end = first + (ulong)count; first != end; first++)
        {
            var item = cargo.Load(first);
            if (!head.TryWrite(item))
            {
                head.WriteAsync(item).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    public void CompleteWriting() => head.Complete();

    public bool Read(int consumer, ref Tally tally)
    {
        Merged.Into(ref tally, [done.GetAwaiter().GetResult()]);
        return false;
    }

    public long End() => 0;

    public void Dispose()
    {
    }
}
