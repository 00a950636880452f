#pragma warning disable RS0030 // whether a reader waits; messages are ordered by the block
using System.Threading.Tasks.Dataflow;
using System.Threading.Tasks.Sources;
using Psyne.Flow.Blocks;

namespace Psyne.Flow.Streams;

/// <summary>
/// A link of a reader that asks for messages itself: it postpones what it is offered, and an offer only tells the reader
/// that there is something to ask for.
/// </summary>
/// <remarks>One reader waits at a time; anybody signals.</remarks>
internal sealed class Arrivals<TMessage>(IDataflowBlock source) : ITargetBlock<TMessage>, IValueTaskSource
{
    private const int Quiet = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true }; // who signals may hold the source's locks
    private int _state;

    public Task Completion => source.Completion;

    /// <summary>Completes at the next signal, at once if there was one since the last wait.</summary>
    internal ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Quiet)
            return new ValueTask(this, _wait.Version);
        Volatile.Write(ref _state, Quiet); // one more since then finds the message that this one is for
        return default;
    }

    internal void Signal()
    {
        if (Interlocked.CompareExchange(ref _state, Signalled, Quiet) == Waiting
            && Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
            _wait.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _wait.GetResult(token);
        _wait.Reset();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    DataflowMessageStatus ITargetBlock<TMessage>.OfferMessage(
        DataflowMessageHeader messageHeader, TMessage messageValue, ISourceBlock<TMessage>? source, bool consumeToAccept)
    {
        BlockThrow.IfInvalid(messageHeader);
        if (source is null)
            return DataflowMessageStatus.Declined;
        Signal();
        return DataflowMessageStatus.Postponed;
    }

    public void Complete() => Signal();

    void IDataflowBlock.Fault(Exception exception) => Signal();
}
