#pragma warning disable RS0030 // a count of sources; nothing on the slab is ordered by it
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Brings the messages of several sources together, and completes when all of them have: not when the first one does.</summary>
/// <remarks>Thread-safe. The order of each source's messages is kept. A source that faults faults the block at once.</remarks>
/// <example><code>
/// var merged = new SlabMergeBlock&lt;Reading&gt;(sources: 2);
/// indoors.LinkTo(merged, new DataflowLinkOptions { PropagateCompletion = true });
/// outdoors.LinkTo(merged, new DataflowLinkOptions { PropagateCompletion = true });
/// </code></example>
public sealed class SlabMergeBlock<T> : SlabPropagatorBlock<Lease<T>, Lease<T>> where T : unmanaged
{
    private int _open;

    /// <summary>Makes the block.</summary>
    /// <param name="sources">How often <see cref="Complete"/> is called until the block completes: once by each source that passes its completion on.</param>
    /// <param name="options">The bound, the name, the token, the scheduler; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sources"/> is below 1.</exception>
    public SlabMergeBlock(int sources, DataflowBlockOptions? options = null) : base(options)
    {
        if (sources < 1)
            throw new ArgumentOutOfRangeException(nameof(sources), sources, $"A merge of {sources} sources was asked for; the least is 1.");
        _open = sources;
        var target = new BufferCore<Lease<T>>(this, SlabQueue<T>.Create(Settings, new BlockSlab<T>(Settings, End)), Settings, End, Unsafe.SizeOf<T>());
        Target = target;
        Source = target.Source;
        FollowToken(target.Cancel);
    }

    private protected override SlabTargetCore<Lease<T>> Target { get; }

    private protected override SlabSourceCore<Lease<T>> Source { get; }

    /// <summary>Messages that wait.</summary>
    public int Count => Source.Count;

    /// <summary>Sources that have yet to complete.</summary>
    public int OpenSources => Math.Max(0, Volatile.Read(ref _open));

    /// <summary>One of the sources is done. The last one's call ends the intake.</summary>
    public override void Complete()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            Target.Complete();
    }
}
