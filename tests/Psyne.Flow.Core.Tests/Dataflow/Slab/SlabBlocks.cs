using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Stock;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Our blocks, over leases of one kind of message.</summary>
public static class SlabBlocks
{
    public static SlabAction<T> Action<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        new(messages, options);

    public static SlabAction<T> ActionAsync<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        new(messages, options, asynchronous: true);

    public static StockPropagator<Lease<T>, Lease<T>> Buffer<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var block = new SlabBufferBlock<T>(options);
        return Over(messages, block, () => block.Count);
    }

    public static StockPropagator<Lease<T>, Lease<T>> Transform<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var code = new UserCode<Lease<T>>(messages);
        var block = new SlabTransformBlock<T, T>((in T input, ref T output) =>
        {
            code.Inside?.Invoke(input.Number);
            output = input;
        }, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    public static StockPropagator<Lease<T>, Lease<T>> TransformAsync<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var code = new UserCode<Lease<T>>(messages);
        var block = SlabTransformBlock<T, T>.CreateAsync((input, output) =>
        {
            code.Inside?.Invoke(input.Value.Number);
            output.Value = input.Value;
            return ValueTask.CompletedTask;
        }, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    public static StockPropagator<Lease<T>, Lease<T>> InPlace<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var code = new UserCode<Lease<T>>(messages);
        var block = new SlabTransformBlock<T>((ref T message) =>
        {
            code.Inside?.Invoke(message.Number);
            message = T.Of(message.Number);
        }, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    public static StockPropagator<Lease<T>, Lease<T>> TransformMany<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T>
    {
        var code = new UserCode<Lease<T>>(messages);
        var block = new SlabTransformManyBlock<T, T>((in T input, int index, ref T output) =>
        {
            if (index > 0)
                return false;
            code.Inside?.Invoke(input.Number);
            output = input;
            return true;
        }, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount, code);
    }

    /// <summary>A block made with the kit; it moves messages on.</summary>
    public static StockPropagator<Lease<T>, Lease<T>> Own<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        Own(messages, options, moves: true);

    /// <summary>A block made with the kit; it builds messages anew.</summary>
    public static StockPropagator<Lease<T>, Lease<T>> OwnBuilding<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options) where T : unmanaged, INumbered<T> =>
        Own(messages, options, moves: false);

    private static StockPropagator<Lease<T>, Lease<T>> Own<T>(Messages<Lease<T>> messages, ExecutionDataflowBlockOptions options, bool moves) where T : unmanaged, INumbered<T>
    {
        var block = new EchoBlock<T>(null, moves, options);
        return Over(messages, block, () => block.InputCount + block.OutputCount);
    }

    private static StockPropagator<Lease<T>, Lease<T>> Over<T, TBlock>(
        Messages<Lease<T>> messages, TBlock block, Func<int> counts, UserCode<Lease<T>>? code = null)
        where T : unmanaged, INumbered<T>
        where TBlock : IPropagatorBlock<Lease<T>, Lease<T>>, IReceivableSourceBlock<Lease<T>> => new()
        {
            Source = block,
            Targets = [block],
            Input = messages,
            Output = messages,
            Counts = counts,
            Code = code,
            FreesWhatItDrops = true,
        };
}
