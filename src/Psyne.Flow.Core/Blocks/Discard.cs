#pragma warning disable RS0030 // a counter; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>A target that disposes whatever it is given, and counts it: unlike TPL's NullTarget it gives memory back at once.</summary>
/// <remarks>Thread-safe. Accepts everything until it is completed.</remarks>
/// <example><code>
/// source.LinkTo(wanted, new DataflowLinkOptions(), lease => lease.Value.Quality > 0.5f);
/// source.Unmatched = new Discard&lt;Lease&lt;Reading&gt;&gt;();
/// </code></example>
public sealed class Discard<TMessage> : ITargetBlock<TMessage>
{
    private readonly BlockCompletion _end = new();
    private long _count;
    private volatile bool _completed;

    /// <summary>Messages that were discarded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Completes when <see cref="Complete"/> is called.</summary>
    public Task Completion => _end.Task;

    /// <summary>Takes no more messages.</summary>
    public void Complete()
    {
        _completed = true;
        _end.Finish();
    }

    void IDataflowBlock.Fault(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _completed = true;
        _end.AddFault(exception);
        _end.Finish();
    }

    DataflowMessageStatus ITargetBlock<TMessage>.OfferMessage(
        DataflowMessageHeader messageHeader, TMessage messageValue, ISourceBlock<TMessage>? source, bool consumeToAccept)
    {
        BlockThrow.IfInvalid(messageHeader);
        if (source is null && consumeToAccept)
            throw new ArgumentException("A message can't be consumed from no source.", nameof(consumeToAccept));
        if (_completed)
            return DataflowMessageStatus.DecliningPermanently;
        if (consumeToAccept)
        {
            messageValue = source!.ConsumeMessage(messageHeader, this, out var consumed)!;
            if (!consumed)
                return DataflowMessageStatus.NotAvailable;
        }
        MessageQueue<TMessage>.End(messageValue);
        Interlocked.Increment(ref _count);
        return DataflowMessageStatus.Accepted;
    }
}
