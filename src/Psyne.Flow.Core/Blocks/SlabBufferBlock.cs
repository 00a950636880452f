using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Keeps messages in order until somebody takes them: a queue between blocks.</summary>
/// <remarks>Thread-safe. Messages up to 48 bytes wait by value on a slab of the block's; larger ones stay in the slot they were written to.</remarks>
/// <example><code>
/// var buffer = new SlabBufferBlock&lt;Reading&gt;(new DataflowBlockOptions { BoundedCapacity = 1024 });
/// buffer.LinkTo(store, new DataflowLinkOptions { PropagateCompletion = true });
/// </code></example>
public sealed class SlabBufferBlock<T> : SlabPropagatorBlock<Lease<T>, Lease<T>> where T : unmanaged
{
    /// <summary>Makes a buffer.</summary>
    /// <param name="options">The bound, the name, the token, the scheduler; null for TPL Dataflow's defaults.</param>
    public SlabBufferBlock(DataflowBlockOptions? options = null) : base(options)
    {
        var queue = SlabQueue<T>.Create(Settings, new BlockSlab<T>(Settings, End));
        var target = new BufferCore<Lease<T>>(this, queue, Settings, End, Unsafe.SizeOf<T>());
        Target = target;
        Source = target.Source;
        FollowToken(target.Cancel);
    }

    private protected override SlabTargetCore<Lease<T>> Target { get; }

    private protected override SlabSourceCore<Lease<T>> Source { get; }

    /// <summary>Messages that wait.</summary>
    public int Count => Source.Count;
}
