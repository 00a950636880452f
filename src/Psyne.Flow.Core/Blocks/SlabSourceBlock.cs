using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;
using Psyne.Flow.Diagnostics;

namespace Psyne.Flow;

/// <summary>A block that others take messages from.</summary>
/// <remarks>Thread-safe. A lease that comes from it is the taker's to dispose; one that a foreign block drops comes back when it is collected.</remarks>
public abstract partial class SlabSourceBlock<TOut> : SlabBlock, IReceivableSourceBlock<TOut>
{
    private protected SlabSourceBlock(DataflowBlockOptions? options) : base(options) { }

    private protected abstract SlabSourceCore<TOut> Source { get; }

    internal SlabSourceCore<TOut> Core => Source;

    /// <summary>The pump of the block's observers, made when it is first asked for (<see cref="SlabBlockObservables"/>).</summary>
    internal object? Observers;

    /// <inheritdoc/>
    public override BlockStatistics Statistics
    {
        get
        {
            var (sent, waiting) = (Source.Sent, Source.Count);
            return new BlockStatistics(sent + waiting, sent, 0, waiting, 0, Settings.AllocatedBytes);
        }
    }

    /// <summary>Messages that wait to be taken.</summary>
    public int OutputCount => Source.Count;

    /// <summary>
    /// Where messages go that no link's predicate matches. Null (the default): they wait, and those behind them, as with
    /// TPL's blocks. <see cref="Discard{TMessage}"/> drops them; any other target has them as dead letters.
    /// </summary>
    public ITargetBlock<TOut>? Unmatched { get => Source.Unmatched; set => Source.Unmatched = value; }

    /// <summary>Has messages offered to a target, in the order of the links.</summary>
    /// <param name="target">Who is offered them.</param>
    /// <param name="linkOptions">How many, in which place, and whether the end is passed on.</param>
    /// <returns>What unlinks when it is disposed, from any thread.</returns>
    /// <exception cref="ArgumentNullException">The target or the options are null.</exception>
    public IDisposable LinkTo(ITargetBlock<TOut> target, DataflowLinkOptions linkOptions) => Source.LinkTo(target, linkOptions);

    /// <summary>Has the messages that match offered to a target.</summary>
    /// <param name="target">Who is offered them.</param>
    /// <param name="linkOptions">How many, in which place, and whether the end is passed on.</param>
    /// <param name="predicate">Which messages. Called with the message where it lies, while the block's links are locked; what it throws faults the block.</param>
    /// <returns>What unlinks when it is disposed, from any thread.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public IDisposable LinkTo(ITargetBlock<TOut> target, DataflowLinkOptions linkOptions, Predicate<TOut> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Source.LinkTo(target, linkOptions, predicate);
    }

    /// <summary>Takes the oldest message, if it matches. Doesn't block.</summary>
    /// <param name="filter">Which message will do; null for any.</param>
    /// <param name="item">The message, to be disposed by the caller.</param>
    /// <returns>False when there is none, it doesn't match, or it is reserved.</returns>
    public bool TryReceive(Predicate<TOut>? filter, [MaybeNullWhen(false)] out TOut item) => Source.TryReceive(filter, out item);

    /// <summary>Takes the oldest message. Doesn't block.</summary>
    /// <inheritdoc cref="TryReceive(Predicate{TOut}?, out TOut)"/>
    public bool TryReceive([MaybeNullWhen(false)] out TOut item) => Source.TryReceive(null, out item);

    /// <summary>Takes all messages that are there. Doesn't block.</summary>
    /// <param name="items">The messages, each to be disposed by the caller.</param>
    /// <returns>False when there is none, or the oldest is reserved.</returns>
    public bool TryReceiveAll([NotNullWhen(true)] out IList<TOut>? items) => Source.TryReceiveAll(out items);

    TOut? ISourceBlock<TOut>.ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<TOut> target, out bool messageConsumed) =>
        Source.ConsumeMessage(messageHeader, target, out messageConsumed);

    bool ISourceBlock<TOut>.ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<TOut> target) =>
        Source.ReserveMessage(messageHeader, target);

    void ISourceBlock<TOut>.ReleaseReservation(DataflowMessageHeader messageHeader, ITargetBlock<TOut> target) =>
        Source.ReleaseReservation(messageHeader, target);
}
