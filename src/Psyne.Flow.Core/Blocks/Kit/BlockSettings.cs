#pragma warning disable RS0030 // a count of bytes; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Blocks;

/// <summary>The options of a block, copied when it is made, and what the block's parts count together.</summary>
internal sealed class BlockSettings
{
    internal const int LargestSizeFactor = 1023;

    private long _allocatedBytes;

    private BlockSettings(DataflowBlockOptions options)
    {
        Capacity = options.BoundedCapacity;
        MessagesPerTask = options.MaxMessagesPerTask == DataflowBlockOptions.Unbounded ? int.MaxValue : options.MaxMessagesPerTask;
        NameFormat = options.NameFormat;
        Scheduler = options.TaskScheduler;
        Token = options.CancellationToken;
        Ordered = options.EnsureOrdered;
        if (options is ExecutionDataflowBlockOptions execution)
            Parallelism = execution.MaxDegreeOfParallelism == DataflowBlockOptions.Unbounded
                ? Math.Max(2, Environment.ProcessorCount)
                : execution.MaxDegreeOfParallelism;
        if (options is SlabBlockOptions slab)
        {
            Bytes = slab.BoundedBytes;
            SlabBytes = (slab.SizeFactor + 1L) * SlabOptions.UnitBytes;
            OnError = slab.OnError;
            FastPath = slab.FastPath;
        }
        if (options is GroupingDataflowBlockOptions grouping)
        {
            Greedy = grouping.Greedy;
            Groups = grouping.MaxNumberOfGroups == DataflowBlockOptions.Unbounded ? long.MaxValue : grouping.MaxNumberOfGroups;
        }
    }

    /// <summary>Whether linked blocks of ours hand over batches. For tests of the protocol, which run both ways.</summary>
    internal bool FastPath { get; } = true;

    /// <summary>Bytes that the block's runs allocated.</summary>
    internal long AllocatedBytes => Volatile.Read(ref _allocatedBytes);

    internal void AddAllocated(long bytes)
    {
        if (bytes > 0)
            Interlocked.Add(ref _allocatedBytes, bytes);
    }

    internal int Capacity { get; }

    internal long Bytes { get; } = DataflowBlockOptions.Unbounded;

    internal long SlabBytes { get; } = SlabOptions.UnitBytes;

    internal int MessagesPerTask { get; }

    internal int Parallelism { get; } = 1;

    internal bool Ordered { get; }

    internal bool Greedy { get; } = true;

    internal long Groups { get; } = long.MaxValue;

    internal string NameFormat { get; }

    internal TaskScheduler Scheduler { get; }

    internal CancellationToken Token { get; }

    internal BlockErrorPolicy OnError { get; } = BlockErrorPolicy.Fault;

    internal static BlockSettings Of(DataflowBlockOptions? options) => new(options ?? new DataflowBlockOptions());

    /// <summary>The bound in messages of one size: the smaller of the one in messages and the one in bytes; <see cref="long.MaxValue"/> for none.</summary>
    internal long BoundFor(long messageBytes)
    {
        var bound = Capacity == DataflowBlockOptions.Unbounded ? long.MaxValue : Capacity;
        return Bytes == DataflowBlockOptions.Unbounded || messageBytes == 0 ? bound : Math.Min(bound, Math.Max(1, Bytes / messageBytes));
    }

    /// <summary>A block's name as its options say: {0} is the type, {1} the id of the Completion.</summary>
    internal string NameOf(IDataflowBlock block)
    {
        try
        {
            return string.Format(System.Globalization.CultureInfo.InvariantCulture, NameFormat, block.GetType().Name, block.Completion.Id);
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }
}
