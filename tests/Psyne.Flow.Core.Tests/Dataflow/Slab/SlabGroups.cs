using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Stock;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Our blocks that bring messages together, or spread them.</summary>
public static class SlabGroups
{
    public static StockPropagator<Lease<T>, OwnedLeaseBatch<T>> Batch<T>(LeaseBatches<T> batches, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        Batch(batches, Grouping(options));

    public static StockPropagator<Lease<T>, OwnedLeaseBatch<T>> Batch<T>(LeaseBatches<T> batches, GroupingDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var block = new SlabBatchBlock<T>(batches.Size, options);
        return new()
        {
            Source = block,
            Targets = [block],
            Each = batches.Size,
            Input = batches.Items,
            Output = batches,
            Counts = () => block.OutputCount,
            FreesWhatItDrops = true,
        };
    }

    public static StockPropagator<Lease<T>, OwnedLeaseBatch<T>> BatchOfOne<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        Batch(new LeaseBatches<T>((Leases<T>)messages, 1), options);

    public static StockPropagator<Lease<T>, Lease<T>> Merge<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var block = new SlabMergeBlock<T>(sources: 1, options);
        return new()
        {
            Source = block,
            Targets = [block],
            Input = messages,
            Output = messages,
            Counts = () => block.Count,
            FreesWhatItDrops = true,
        };
    }

    public static StockPropagator<Lease<T>, LeasePair<T, T>> Join<T>(LeasePairs<T> pairs, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        Join(pairs, Grouping(options));

    public static StockPropagator<Lease<T>, LeasePair<T, T>> Join<T>(LeasePairs<T> pairs, GroupingDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var block = new SlabJoinBlock<T, T>(options);
        return new()
        {
            Source = block,
            Targets = [block.Target1, block.Target2],
            Input = pairs.Items,
            Output = pairs,
            Counts = () => block.OutputCount,
            FreesWhatItDrops = true,
        };
    }

    public static StockPropagator<Lease<T>, LeaseTriple<T, T, T>> JoinOfThree<T>(LeaseTriples<T> triples, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var block = new SlabJoinBlock<T, T, T>(Grouping(options));
        return new()
        {
            Source = block,
            Targets = [block.Target1, block.Target2, block.Target3],
            Input = triples.Items,
            Output = triples,
            Counts = () => block.OutputCount,
            FreesWhatItDrops = true,
        };
    }

    private static GroupingDataflowBlockOptions Grouping(ExecutionDataflowBlockOptions options) => new()
    {
        BoundedCapacity = options.BoundedCapacity,
        CancellationToken = options.CancellationToken,
        MaxMessagesPerTask = options.MaxMessagesPerTask,
        NameFormat = options.NameFormat,
        TaskScheduler = options.TaskScheduler,
    };
}
