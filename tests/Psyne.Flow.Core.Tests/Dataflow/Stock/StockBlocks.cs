using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Stock;

/// <summary>The blocks of System.Threading.Tasks.Dataflow, over any messages.</summary>
public static class StockBlocks
{
    public static StockAction<T> Action<T>(Messages<T> messages, ExecutionDataflowBlockOptions options) => new(messages, options);

    public static StockAction<T> ActionAsync<T>(Messages<T> messages, ExecutionDataflowBlockOptions options) => new(messages, options, asynchronous: true);

    public static StockPropagator<T, T> Buffer<T>(Messages<T> messages, ExecutionDataflowBlockOptions options)
    {
        var block = new BufferBlock<T>(options);
        return Over(messages, block, () => block.Count);
    }

    public static StockPropagator<T, T> Transform<T>(Messages<T> messages, ExecutionDataflowBlockOptions options)
    {
        var code = new UserCode<T>(messages);
        var block = new TransformBlock<T, T>(code.Pass, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    public static StockPropagator<T, T> TransformAsync<T>(Messages<T> messages, ExecutionDataflowBlockOptions options)
    {
        var code = new UserCode<T>(messages);
        var block = new TransformBlock<T, T>(message => Task.FromResult(code.Pass(message)), options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    public static StockPropagator<T, T> TransformMany<T>(Messages<T> messages, ExecutionDataflowBlockOptions options)
    {
        var code = new UserCode<T>(messages);
        var block = new TransformManyBlock<T, T>(message => new[] { code.Pass(message) }, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    /// <summary>Copies by number, so only for messages that nobody has to give back.</summary>
    public static StockPropagator<int, int> Broadcast(Messages<int> messages, ExecutionDataflowBlockOptions options)
    {
        var block = new BroadcastBlock<int>(number => number, options);
        return new()
        {
            Source = block,
            Targets = [block],
            Input = messages,
            Output = messages,
            Counts = () => 0,
            Empties = false,
        };
    }

    /// <summary>One batch for each time it is fed.</summary>
    public static StockPropagator<T, T[]> Batch<T>(Batches<T> batches, ExecutionDataflowBlockOptions options) => Batch(batches, Grouping(options));

    public static StockPropagator<T, T[]> Batch<T>(Batches<T> batches, GroupingDataflowBlockOptions options)
    {
        var block = new BatchBlock<T>(batches.Size, options);
        return new()
        {
            Source = block,
            Targets = [block],
            Each = batches.Size,
            Input = batches.Items,
            Output = batches,
            Counts = () => block.OutputCount,
        };
    }

    public static StockPropagator<T, T[]> BatchOfOne<T>(Messages<T> messages, ExecutionDataflowBlockOptions options) =>
        Batch(new Batches<T>(messages, 1), options);

    public static StockPropagator<T, Tuple<T, T>> Join<T>(Pairs<T> pairs, ExecutionDataflowBlockOptions options)
    {
        var block = new JoinBlock<T, T>(Grouping(options));
        return new()
        {
            Source = block,
            Targets = [block.Target1, block.Target2],
            Input = pairs.Items,
            Output = pairs,
            Counts = () => block.OutputCount,
        };
    }

    public static StockPropagator<T, Tuple<T, T>> Join<T>(Messages<T> messages, GroupingDataflowBlockOptions options)
    {
        var pairs = new Pairs<T>(messages);
        var block = new JoinBlock<T, T>(options);
        return new()
        {
            Source = block,
            Targets = [block.Target1, block.Target2],
            Input = messages,
            Output = pairs,
            Counts = () => block.OutputCount,
        };
    }

    private static StockPropagator<T, T> Over<T, TBlock>(Messages<T> messages, TBlock block, Func<int> counts, UserCode<T>? code = null)
        where TBlock : IPropagatorBlock<T, T>, IReceivableSourceBlock<T> => new()
        {
            Source = block,
            Targets = [block],
            Input = messages,
            Output = messages,
            Counts = counts,
            Code = code,
        };

    private static GroupingDataflowBlockOptions Grouping(ExecutionDataflowBlockOptions options) => new()
    {
        BoundedCapacity = options.BoundedCapacity,
        CancellationToken = options.CancellationToken,
        MaxMessagesPerTask = options.MaxMessagesPerTask,
        NameFormat = options.NameFormat,
        TaskScheduler = options.TaskScheduler,
    };
}
