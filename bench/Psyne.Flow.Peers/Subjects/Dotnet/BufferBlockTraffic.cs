using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Work;

namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>TPL Dataflow's BufferBlock: Post and TryReceive, and in batch cases TryReceiveAll, its one batch call.</summary>
internal sealed class BufferBlockTraffic<T, TCargo>(Shape shape, TCargo cargo, bool bounded) : ITraffic
    where TCargo : struct, ICargo<T>
{
    private const int MostAtOnce = 4096;

    private BufferBlock<T> block = null!;

    public void Begin(long messages) => block = new BufferBlock<T>(new DataflowBlockOptions
    {
        BoundedCapacity = bounded ? shape.Capacity : DataflowBlockOptions.Unbounded,
    });

    public void Write(int producer, ulong first, int count)
    {
        var stamp = Stamp.Of(producer, first);
        var to = block;
        for (var end = stamp + (ulong)count; stamp != end; stamp++)
        {
            var item = cargo.Load(stamp);
            if (!to.Post(item))
            {
                to.SendAsync(item).GetAwaiter().GetResult();
            }
        }
    }

    public void CompleteWriting() => block.Complete();

    public bool Read(int consumer, ref Tally tally)
    {
        var local = tally;
        var from = block;
        var count = 0;
        if (shape.Batch && from.TryReceiveAll(out var items))
        {
            for (; count < items.Count; count++)
            {
                local.Add(cargo.Unload(items[count]));
            }
        }
        else if (!shape.Batch)
        {
            for (; count < MostAtOnce && from.TryReceive(out var item); count++)
            {
                local.Add(cargo.Unload(in item!));
            }
        }

        tally = local;
        return count > 0 || from.OutputAvailableAsync().GetAwaiter().GetResult();
    }

    public long End() => 0;

    public void Dispose()
    {
    }
}
