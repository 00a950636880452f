using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>
/// TPL Dataflow's options for a block, and what slabs add: a bound in bytes, the memory that a block may reserve for its
/// messages, and what it does when a delegate throws. TPL's own option types are accepted wherever this one is.
/// </summary>
/// <remarks>Values are checked when they are set, and copied when a block is made.</remarks>
/// <example><code>
/// var scale = new SlabTransformBlock&lt;Image&gt;(Scale, new SlabBlockOptions { BoundedCapacity = 1024, OnError = BlockErrorPolicy.Skip });
/// </code></example>
public class SlabBlockOptions : ExecutionDataflowBlockOptions
{
    /// <summary>The most bytes of messages that the block holds at a time, or <see cref="DataflowBlockOptions.Unbounded"/>. One message is always let in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither positive nor -1.</exception>
    public long BoundedBytes
    {
        get;
        set => field = value is > 0 or Unbounded
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"BoundedBytes {value} is neither positive nor {Unbounded}, which means no bound.");
    } = Unbounded;

    /// <summary>
    /// The block reserves (n+1) x 32 MiB of address space for each of its queues and for the messages that it makes; pages
    /// are committed when first touched. A block without a bound postpones and declines once that is full. Default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 0 to 1023.</exception>
    public int SizeFactor
    {
        get;
        set => field = value is >= 0 and <= BlockSettings.LargestSizeFactor
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"SizeFactor {value} is outside 0 to {BlockSettings.LargestSizeFactor}.");
    }

    /// <summary>Whether the block hands batches to blocks of ours, and takes them. For tests: nothing but speed may tell the difference.</summary>
    internal bool FastPath { get; set; } = true;

    /// <summary>What happens to a message, and to the block, when a delegate throws. Default <see cref="BlockErrorPolicy.Fault"/>.</summary>
    public BlockErrorPolicy OnError { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = BlockErrorPolicy.Fault;
}
