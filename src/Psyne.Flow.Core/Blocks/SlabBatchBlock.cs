using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Puts messages together into batches: by count, and by bytes or time where the options say so.</summary>
/// <remarks>
/// Thread-safe. Greedy (the default), it takes what it is offered, and what is left when it completes is a smaller batch.
/// Else messages stay at their sources until so many sources as a batch has messages offer one: then all are reserved, and
/// all consumed.
/// </remarks>
/// <example><code>
/// var batches = new SlabBatchBlock&lt;Sample&gt;(32, new SlabBatchOptions { MaxDelay = TimeSpan.FromMilliseconds(10) });
/// </code></example>
public sealed class SlabBatchBlock<T> : SlabPropagatorBlock<Lease<T>, OwnedLeaseBatch<T>> where T : unmanaged
{
    /// <summary>The most messages in a batch: half the slots that a block has for small ones.</summary>
    public const int LargestBatch = 1 << 15;

    private readonly IBatchMaker<T> _maker;

    /// <summary>Makes the block.</summary>
    /// <param name="batchSize">Messages in a batch.</param>
    /// <param name="options">Bounds, the most batches, bytes and time, the token, the scheduler; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is outside 1 to <see cref="LargestBatch"/>, or above the bound, so that no batch would ever be full.</exception>
    /// <exception cref="ArgumentException">The options bound the time of a batch that isn't greedy: nothing waits in it.</exception>
    public SlabBatchBlock(int batchSize, GroupingDataflowBlockOptions? options = null) : base(options)
    {
        if (batchSize is < 1 or > LargestBatch)
            throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, $"Batches of {batchSize} messages were asked for; there are batches of 1 to {LargestBatch}.");
        if (Settings.Capacity != DataflowBlockOptions.Unbounded && batchSize > Settings.Capacity)
            throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, $"A batch of {batchSize} messages is above the bound of {Settings.Capacity}.");
        BatchSize = batchSize;
        var batching = options as SlabBatchOptions ?? new SlabBatchOptions();
        var slab = new BlockSlab<T>(Settings, End);
        if (Settings.Greedy)
        {
            var greedy = new BatchCore<T>(this, batchSize, batching, Settings, End, slab);
            (Target, _maker) = (greedy, greedy);
        }
        else
        {
            if (batching.MaxDelay != Timeout.InfiniteTimeSpan)
                throw new ArgumentException($"A batch that is not greedy holds no messages, and can't send them after {batching.MaxDelay}.", nameof(options));
            var reserving = new ReservingBatch<T>(this, batching.MostOf<T>(batchSize), Settings, End, slab);
            (Target, _maker) = (reserving, reserving);
        }
        FollowToken(Target.Cancel);
    }

    /// <summary>Messages in a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>Sends what there is as a batch; nothing when there is nothing.</summary>
    public void TriggerBatch() => _maker.Trigger();

    private protected override SlabTargetCore<Lease<T>> Target { get; }

    private protected override SlabSourceCore<OwnedLeaseBatch<T>> Source => _maker.Source;
}
