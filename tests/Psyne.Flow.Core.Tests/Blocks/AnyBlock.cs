using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>What a block of any kind is made with.</summary>
public sealed record Setup(TaskScheduler? Scheduler = null, CancellationToken Token = default)
{
    internal SlabBlockOptions Execution(int parallelism = 1) => new()
    {
        TaskScheduler = Scheduler ?? TaskScheduler.Default,
        CancellationToken = Token,
        MaxDegreeOfParallelism = parallelism,
    };

    internal GroupingDataflowBlockOptions Grouping(bool greedy = true) => new()
    {
        TaskScheduler = Scheduler ?? TaskScheduler.Default,
        CancellationToken = Token,
        Greedy = greedy,
    };
}

/// <summary>A block of any kind: where its messages go in, and where they come out.</summary>
/// <param name="Block">The block.</param>
/// <param name="Targets">Each gets a message for each that comes out.</param>
/// <param name="Outlet">Null where nothing comes out.</param>
/// <param name="Feed">Puts a message in that goes in elsewhere than by the targets.</param>
public sealed record AnyBlock<T>(SlabBlock Block, ITargetBlock<Lease<T>>[] Targets, Outlet? Outlet, Action<int>? Feed = null)
    where T : unmanaged, INumbered<T>
{
    private static readonly Dictionary<string, Func<Setup?, AnyBlock<T>>> s_kinds = new()
    {
        ["action"] = setup => Sink(new SlabActionBlock<T>((ref readonly T _) => { }, setup?.Execution())),
        ["parallel action"] = setup => Sink(new SlabActionBlock<T>((ref readonly T _) => { }, setup?.Execution(3))),
        ["async action"] = setup => Sink(SlabActionBlock<T>.CreateAsync(_ => default, setup?.Execution(2))),
        ["channel target"] = setup => Sink(SlabChannel.CreateMpmc<T>(new SlabChannelOptions { FullMode = FullMode.DropOldest }).Writer.AsTargetBlock(setup?.Execution())),
        ["buffer"] = setup => Through(new SlabBufferBlock<T>(setup?.Execution())),
        ["merge"] = setup => Through(new SlabMergeBlock<T>(1, setup?.Execution())),
        ["transform"] = setup => Through(new SlabTransformBlock<T, T>((in T input, ref T output) => output = input, setup?.Execution())),
        ["parallel transform"] = setup => Through(new SlabTransformBlock<T, T>((in T input, ref T output) => output = input, setup?.Execution(3))),
        ["async transform"] = setup => Through(SlabTransformBlock<T, T>.CreateAsync((input, output) =>
        {
            output.Value = input.Value;
            return default;
        }, setup?.Execution(2))),
        ["in place"] = setup => Through(new SlabTransformBlock<T>((ref T _) => { }, setup?.Execution())),
        ["many"] = setup => Through(new SlabTransformManyBlock<T, T>(One, setup?.Execution())),
        ["parallel many"] = setup => Through(new SlabTransformManyBlock<T, T>(One, setup?.Execution(3))),
        ["own"] = setup => Through(new EchoBlock<T>(null, moves: true, setup?.Execution() ?? new SlabBlockOptions())),
        ["broadcast"] = setup =>
        {
            var block = new SlabBroadcastBlock<T>(setup?.Execution());
            return new(block, [block], new Outlet<Lease<T>>(block, block.LinkTo, static lease => lease.Value.Number));
        },
        ["batch"] = setup =>
        {
            var block = new SlabBatchBlock<T>(1, setup?.Grouping());
            return new(block, [block], new Outlet<OwnedLeaseBatch<T>>(block, block.LinkTo, static batch => batch[0].Number));
        },
        ["join"] = setup => Join(new SlabJoinBlock<T, T>(setup?.Grouping())),
        ["reserving join"] = setup => Join(new SlabJoinBlock<T, T>(setup is null ? new GroupingDataflowBlockOptions { Greedy = false } : setup.Grouping(greedy: false))),
        ["join of three"] = setup =>
        {
            var block = new SlabJoinBlock<T, T, T>(setup?.Grouping());
            return new(block, [block.Target1, block.Target2, block.Target3], new Outlet<LeaseTriple<T, T, T>>(block, block.LinkTo, static triple => triple.First.Number));
        },
        ["channel source"] = setup =>
        {
            SlabChannel<T> channel = SlabChannel.CreateSpsc<T>();
            SlabSourceBlock<Lease<T>> block = channel.Reader.AsSourceBlock(setup?.Execution());
            return new(block, [], new Outlet<Lease<T>>(block, block.LinkTo, static lease => lease.Value.Number), number => channel.Writer.Publish(T.Of(number)));
        },
    };

    public static TheoryData<string> Kinds() => [.. s_kinds.Keys];

    /// <summary>Those that give messages out.</summary>
    public static TheoryData<string> Sources() => [.. s_kinds.Keys.Where(static kind => !kind.Contains("action", StringComparison.Ordinal) && kind != "channel target")];

    public static AnyBlock<T> New(string kind, Setup? setup = null) => s_kinds[kind](setup);

    private static AnyBlock<T> Sink<TBlock>(TBlock block) where TBlock : SlabBlock, ITargetBlock<Lease<T>> => new(block, [block], null);

    private static AnyBlock<T> Through(SlabPropagatorBlock<Lease<T>, Lease<T>> block) =>
        new(block, [block], new Outlet<Lease<T>>(block, block.LinkTo, static lease => lease.Value.Number));

    private static AnyBlock<T> Join(SlabJoinBlock<T, T> block) =>
        new(block, [block.Target1, block.Target2], new Outlet<LeasePair<T, T>>(block, block.LinkTo, static pair => pair.First.Number));

    private static bool One(in T input, int index, ref T output)
    {
        output = input;
        return index == 0;
    }
}
