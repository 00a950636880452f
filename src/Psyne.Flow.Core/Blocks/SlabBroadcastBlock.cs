using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>Gives every message to every target that is linked; nothing is lost, and the slowest target decides how fast.</summary>
/// <remarks>
/// Thread-safe. Each link has a queue of its own, of the size of the bound; while one is full, nobody gets more. A target
/// sees what comes after it was linked. While no target is linked, messages wait. Small messages are copied for each
/// target; of larger ones each gets a share of the same slot.
/// </remarks>
/// <example><code>
/// var frames = new SlabBroadcastBlock&lt;Frame&gt;(new DataflowBlockOptions { BoundedCapacity = 64 });
/// frames.LinkTo(display);
/// frames.LinkTo(recorder);
/// </code></example>
public sealed class SlabBroadcastBlock<T> : SlabBlock, IPropagatorBlock<Lease<T>, Lease<T>>, IBatchTargetBlock<Lease<T>> where T : unmanaged
{
    private readonly BroadcastCore<T> _core;

    /// <summary>Makes the block.</summary>
    /// <param name="options">The bound of the intake and of each link, the token, the scheduler; null for the defaults.</param>
    public SlabBroadcastBlock(DataflowBlockOptions? options = null) : base(options)
    {
        _core = new BroadcastCore<T>(this, Settings, End, new BlockSlab<T>(Settings, End));
        FollowToken(_core.Cancel);
    }

    /// <summary>Messages that wait to be given out.</summary>
    public int InputCount => _core.InputCount;

    /// <inheritdoc/>
    public override BlockStatistics Statistics
    {
        get
        {
            var (sent, waiting) = _core.CountOutputs();
            return new BlockStatistics(_core.Received, sent, InputCount, waiting, _core.Waits, Settings.AllocatedBytes);
        }
    }

    SlabTargetCore<Lease<T>> IBatchTargetBlock<Lease<T>>.Target => _core;

    /// <inheritdoc/>
    public override void Complete() => _core.Complete();

    private protected override void Fault(Exception fault) => _core.Fault(fault);

    /// <summary>Gives a target every message from now on.</summary>
    /// <param name="target">Who gets them.</param>
    /// <param name="linkOptions">How many, and whether the end is passed on; the place among the links makes no difference here.</param>
    /// <returns>What unlinks when it is disposed, from any thread; messages that wait for the target then are given back.</returns>
    /// <exception cref="ArgumentNullException">The target or the options are null.</exception>
    public IDisposable LinkTo(ITargetBlock<Lease<T>> target, DataflowLinkOptions linkOptions) => Link(target, linkOptions, null);

    /// <summary>Gives a target every message from now on that matches; it is not asked about others.</summary>
    /// <param name="target">Who gets them.</param>
    /// <param name="linkOptions">How many, and whether the end is passed on.</param>
    /// <param name="predicate">Which messages; what it throws faults the block.</param>
    /// <returns>What unlinks when it is disposed, from any thread.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public IDisposable LinkTo(ITargetBlock<Lease<T>> target, DataflowLinkOptions linkOptions, Predicate<Lease<T>> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Link(target, linkOptions, predicate);
    }

    private IDisposable Link(ITargetBlock<Lease<T>> target, DataflowLinkOptions linkOptions, Predicate<Lease<T>>? predicate)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(linkOptions);
        if (_core.Add() is { } output)
        {
            if (predicate is not null)
                output.Source.Unmatched = new Discard<Lease<T>>();
            var link = output.Source.LinkTo(target, linkOptions, predicate);
            _core.Start();
            return link;
        }
        if (linkOptions.PropagateCompletion)
            _ = Completion.ContinueWith(static (ended, target) => TargetLink<Lease<T>>.Propagate(ended, (ITargetBlock<Lease<T>>)target!), target,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return NoLink.Instance;
    }

    DataflowMessageStatus ITargetBlock<Lease<T>>.OfferMessage(
        DataflowMessageHeader messageHeader, Lease<T> messageValue, ISourceBlock<Lease<T>>? source, bool consumeToAccept) =>
        _core.OfferMessage(messageHeader, messageValue, source, consumeToAccept);

    // Targets consume from the source that offered, which is their link's; this one never offers.

    Lease<T> ISourceBlock<Lease<T>>.ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<Lease<T>> target, out bool messageConsumed)
    {
        Check(messageHeader, target);
        messageConsumed = false;
        return default;
    }

    bool ISourceBlock<Lease<T>>.ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<Lease<T>> target)
    {
        Check(messageHeader, target);
        return false;
    }

    void ISourceBlock<Lease<T>>.ReleaseReservation(DataflowMessageHeader messageHeader, ITargetBlock<Lease<T>> target)
    {
        Check(messageHeader, target);
        throw new InvalidOperationException($"{target} released message {messageHeader.Id} of {this}, which it had not reserved.");
    }

    private static void Check(DataflowMessageHeader messageHeader, ITargetBlock<Lease<T>> target)
    {
        BlockThrow.IfInvalid(messageHeader);
        ArgumentNullException.ThrowIfNull(target);
    }

    private sealed class NoLink : IDisposable
    {
        internal static NoLink Instance { get; } = new();

        public void Dispose() { }
    }
}
