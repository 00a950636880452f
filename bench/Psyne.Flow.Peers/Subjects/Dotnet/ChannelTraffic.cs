using System.Threading.Channels;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// System.Threading.Channels, with the options that the topology permits: TryWrite and TryRead as long as they work,
/// WaitToWriteAsync and WaitToReadAsync when they don't.
/// </summary>
internal sealed class ChannelTraffic<T, TCargo>(Shape shape, TCargo cargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private const int MostAtOnce = 4096;

    private ChannelReader<T> reader = null!;
    private ChannelWriter<T> writer = null!;

    public void Begin(long messages)
    {
        var channel = bounded
            ? Channel.CreateBounded<T>(new BoundedChannelOptions(shape.Capacity)
            {
                SingleReader = shape.Threads.Consumers == 1,
                SingleWriter = shape.Threads.Producers == 1,
                FullMode = BoundedChannelFullMode.Wait,
            })
            : Channel.CreateUnbounded<T>(new UnboundedChannelOptions
            {
                SingleReader = shape.Threads.Consumers == 1,
                SingleWriter = shape.Threads.Producers == 1,
            });
        (reader, writer) = (channel.Reader, channel.Writer);
    }

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        var to = writer;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            var item = cargo.Load(stamp);
            while (!to.TryWrite(item))
            {
                Waiting.Block(to.WaitToWriteAsync());
            }
        }
    }

    public void CompleteWriting() => writer.Complete();

    public bool Read(int consumer, ref Tally tally) =>
        Drain(ref tally) == MostAtOnce || Waiting.Block(WaitToReadAsync());

    /// <summary>Reads what is there, up to a limit; returns how much that was.</summary>
    internal int Drain(ref Tally tally)
    {
        var local = tally;
        var from = reader;
        var count = 0;
        for (; count < MostAtOnce && from.TryRead(out var item); count++)
        {
            local.Add(cargo.Unload(in item));
        }

        tally = local;
        return count;
    }

    internal ValueTask<bool> WaitToReadAsync() => reader.WaitToReadAsync();

    public long End() => 0;

    public void Dispose()
    {
    }
}
