#pragma warning disable RS0030 // the block's link; messages are ordered by the block
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow.Observables;

/// <summary>
/// Receives from a block. It is linked while somebody observes, and postpones what it is offered: an offer only says that
/// there is something to receive.
/// </summary>
internal sealed class BlockFeed<T>(SlabSourceBlock<Lease<T>> block) : MessageFeed<T>, ITargetBlock<Lease<T>> where T : unmanaged
{
    private static readonly DataflowLinkOptions s_link = new() { PropagateCompletion = true };

    private Action _look = static () => { };
    private IDisposable? _unlink;

    Task IDataflowBlock.Completion => block.Completion;

    internal override void Open(Action look)
    {
        Volatile.Write(ref _look, look);
        _unlink = block.LinkTo(this, s_link);
    }

    internal override void Close() => _unlink?.Dispose();

    internal override bool TryTake(out Lease<T> message)
    {
        var taken = block.TryReceive(out message);
        if (taken)
            message = LeaseTicket.Unwrap(message);
        return taken;
    }

    internal override bool HasEnded(out Exception? fault)
    {
        var end = block.Completion;
        fault = end.IsFaulted ? end.Exception.InnerExceptions is [var only] ? only : end.Exception
            : end.IsCanceled ? new TaskCanceledException(end)
            : null;
        return end.IsCompleted;
    }

    /// <summary>Every offer asks the pump to run, during a run once more: nothing is missed.</summary>
    internal override bool LookAgain() => false;

    DataflowMessageStatus ITargetBlock<Lease<T>>.OfferMessage(
        DataflowMessageHeader messageHeader, Lease<T> messageValue, ISourceBlock<Lease<T>>? source, bool consumeToAccept)
    {
        BlockThrow.IfInvalid(messageHeader);
        if (source is null)
            return DataflowMessageStatus.Declined;
        Volatile.Read(ref _look)();
        return DataflowMessageStatus.Postponed;
    }

    void IDataflowBlock.Complete() => Volatile.Read(ref _look)();

    void IDataflowBlock.Fault(Exception exception) => Volatile.Read(ref _look)();
}
