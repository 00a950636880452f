using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>The same blocks with the hand-over of batches forced off: nothing but speed may tell the difference.</summary>
public sealed class SlowRegistry<T> : IBlockRegistry<Lease<T>> where T : unmanaged, INumbered<T>
{
    public static IReadOnlyDictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ISourceUnderTest<Lease<T>>>> Sources => Slow(SlabRegistry<T>.Sources);

    public static IReadOnlyDictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ITargetUnderTest<Lease<T>>>> Targets => Slow(SlabRegistry<T>.Targets);

    public static Messages<Lease<T>> NewMessages() => new Leases<T>();

    private static Dictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, TBlock>> Slow<TBlock>(
        IReadOnlyDictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, TBlock>> blocks) =>
        blocks.Where(block => block.Key.StartsWith("slab", StringComparison.Ordinal)).ToDictionary(
            block => block.Key,
            block => new Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, TBlock>((messages, options) => block.Value(messages, Slow(options))));

    private static SlabBlockOptions Slow(ExecutionDataflowBlockOptions options) => new()
    {
        BoundedCapacity = options.BoundedCapacity,
        CancellationToken = options.CancellationToken,
        EnsureOrdered = options.EnsureOrdered,
        FastPath = false,
        MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
        MaxMessagesPerTask = options.MaxMessagesPerTask,
        NameFormat = options.NameFormat,
        TaskScheduler = options.TaskScheduler,
    };
}
