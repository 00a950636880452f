using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>One link from a source to a target. Disposing it, once or more, from any thread, unlinks.</summary>
internal sealed class TargetLink<TOut> : IDisposable
{
    private readonly SlabSourceCore<TOut> _source;

    internal TargetLink(SlabSourceCore<TOut> source, ITargetBlock<TOut> target, DataflowLinkOptions options, Predicate<TOut>? predicate)
    {
        _source = source;
        Target = target;
        Batches = (target as IBatchTargetBlock<TOut>)?.Target;
        Predicate = predicate;
        Left = options.MaxMessages;
        Propagates = options.PropagateCompletion;
    }

    internal ITargetBlock<TOut> Target { get; }

    /// <summary>The intake for batches, of a block of ours.</summary>
    internal IBatchTarget<TOut>? Batches { get; }

    /// <summary>Which messages the link is for; null for all.</summary>
    internal Predicate<TOut>? Predicate { get; }

    /// <summary>Messages until the link ends; <see cref="DataflowBlockOptions.Unbounded"/> for never.</summary>
    internal long Left { get; set; }

    internal bool Propagates { get; }

    internal bool Matches(TOut message) => Predicate is null || Predicate(message);

    internal bool IsRemoved { get; set; }

    /// <summary>Whether batches may be handed to its target: every message goes there, for as long as it takes them.</summary>
    internal bool TakesBatches => Batches is not null && Predicate is null && Left == DataflowBlockOptions.Unbounded;

    public void Dispose() => _source.Unlink(this);

    /// <summary>Passes the end of a block on to the target.</summary>
    internal static void Propagate(Task completion, ITargetBlock<TOut> target)
    {
        if (completion.Exception is { } fault)
            target.Fault(fault);
        else
            target.Complete();
    }
}
