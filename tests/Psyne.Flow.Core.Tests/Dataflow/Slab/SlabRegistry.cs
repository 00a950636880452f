using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Stock;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>Our blocks and the stock ones over leases: linked ours to ours, ours to stock, stock to ours.</summary>
public sealed class SlabRegistry<T> : IBlockRegistry<Lease<T>> where T : unmanaged, INumbered<T>
{
    public static IReadOnlyDictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ISourceUnderTest<Lease<T>>>> Sources =>
        new Dictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ISourceUnderTest<Lease<T>>>>(StockRegistry.SourcesOf<Lease<T>>())
        {
            ["slab buffer"] = SlabBlocks.Buffer,
            ["slab transform"] = SlabBlocks.Transform,
            ["slab in place"] = SlabBlocks.InPlace,
            ["slab transform async"] = SlabBlocks.TransformAsync,
            ["slab transform many"] = SlabBlocks.TransformMany,
            ["slab own"] = SlabBlocks.Own,
        };

    public static IReadOnlyDictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ITargetUnderTest<Lease<T>>>> Targets =>
        new Dictionary<string, Func<Messages<Lease<T>>, ExecutionDataflowBlockOptions, ITargetUnderTest<Lease<T>>>>(StockRegistry.TargetsOf<Lease<T>>())
        {
            ["slab action"] = SlabBlocks.Action,
            ["slab buffer"] = SlabBlocks.Buffer,
            ["slab transform"] = SlabBlocks.Transform,
            ["slab in place"] = SlabBlocks.InPlace,
            ["slab own"] = SlabBlocks.OwnBuilding,
            ["slab channel"] = ChannelTarget<T>.Spsc,
            ["slab shared channel"] = ChannelTarget<T>.Mpmc,
        };

    public static Messages<Lease<T>> NewMessages() => new Leases<T>();
}
