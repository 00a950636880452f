using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Stock;

/// <summary>The stock blocks over one kind of message: a registry of ours starts from these and adds its own.</summary>
public sealed class StockRegistry : IBlockRegistry<Parcel>
{
    public static IReadOnlyDictionary<string, Func<Messages<Parcel>, ExecutionDataflowBlockOptions, ISourceUnderTest<Parcel>>> Sources => SourcesOf<Parcel>();

    public static IReadOnlyDictionary<string, Func<Messages<Parcel>, ExecutionDataflowBlockOptions, ITargetUnderTest<Parcel>>> Targets => TargetsOf<Parcel>();

    public static Messages<Parcel> NewMessages() => new Parcels();

    public static Dictionary<string, Func<Messages<T>, ExecutionDataflowBlockOptions, ISourceUnderTest<T>>> SourcesOf<T>() => new()
    {
        ["stock buffer"] = StockBlocks.Buffer,
        ["stock transform"] = StockBlocks.Transform,
        ["stock transform many"] = StockBlocks.TransformMany,
    };

    public static Dictionary<string, Func<Messages<T>, ExecutionDataflowBlockOptions, ITargetUnderTest<T>>> TargetsOf<T>() => new()
    {
        ["stock action"] = StockBlocks.Action,
        ["stock buffer"] = StockBlocks.Buffer,
        ["stock transform"] = StockBlocks.Transform,
        ["stock batch"] = StockBlocks.BatchOfOne,
    };
}
