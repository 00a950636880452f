using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>What waits for one target of a broadcast.</summary>
internal sealed class BroadcastOutput<T> where T : unmanaged
{
    private readonly BroadcastCore<T> _core;
    private readonly SlabQueue<T> _queue;
    private readonly BlockCompletion _end = new();
    private readonly long _bound;

    internal BroadcastOutput(ISourceBlock<Lease<T>> owner, BlockSettings settings, BlockSlab<T> slab, BroadcastCore<T> core)
    {
        _core = core;
        _queue = SlabQueue<T>.Create(settings, slab);
        _bound = settings.BoundFor(System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        Block = new BroadcastOutputBlock<T>(owner, this);
        Source = new SlabSourceCore<Lease<T>>(Block, _queue, settings, _end, new Lock(), _ => core.OnOutputLeft(), core.Fail, OnUnlinked);
        _ = _end.Task.ContinueWith(static (ended, core) =>
        {
            _ = ended.Exception; // the block tells of it
            ((BroadcastCore<T>)core!).OnOutputEnded();
        }, core, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The source that the target knows.</summary>
    internal BroadcastOutputBlock<T> Block { get; }

    internal SlabSourceCore<Lease<T>> Source { get; }

    internal long Room
    {
        get
        {
            lock (Source.Values)
                return Math.Min(_queue.Room, _bound == long.MaxValue ? long.MaxValue : _bound - _queue.Count);
        }
    }

    internal void Give(ReadOnlySpan<T> values)
    {
        lock (Source.Values)
            if (!Source.IsClosed)
                ((ValueQueue<T>)_queue).Append(values);
    }

    internal void Give(Lease<T> lease)
    {
        if (!Source.TryAdd(lease))
            lease.Dispose();
    }

    /// <summary>Ends as the block does.</summary>
    internal void Complete(BlockCompletion end)
    {
        end.CopyTo(_end);
        Source.Complete();
    }

    private void OnUnlinked()
    {
        _core.Remove(this);
        _end.Cancel(new CancellationToken(canceled: true)); // what still waited for the target is nobody's
        Source.Complete();
    }
}
