using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>
/// The source half of a block: its messages in order, its links, and the protocol by which targets are offered, consume,
/// reserve and release. Rule numbers are those of docs/dataflow-contract.md.
/// </summary>
/// <remarks>
/// Thread-safe. <c>_outgoing</c> guards the links and is held while targets are offered to; <c>_values</c> guards the
/// messages and what is known of the oldest, and is never held while a target is called, but for another block's batch
/// intake, which only tries its own lock. Order: _outgoing, _values; either before the target half's lock.
/// </remarks>
internal sealed partial class SlabSourceCore<TOut>
{
    private readonly ISourceBlock<TOut> _owner;
    private readonly BlockSettings _settings;
    private readonly MessageQueue<TOut> _messages;
    private readonly Action<int>? _left;
    private readonly Action? _unlinked;
    private readonly Action<Exception> _failed;
    private readonly BlockWork _offering;
    private readonly Lock _outgoing = new();
    private readonly Lock _values;
    private readonly BlockCompletion _completion;

    // Under _outgoing.
    private readonly List<TargetLink<TOut>> _links = [];
    private TargetLink<TOut>? _unmatched;

    // Under _values.
    private long _headId = 1;
    private bool _offersEnabled = true;
    private bool _waitsForSlot;
    private ITargetBlock<TOut>? _reservedFor;
    private bool _closed;
    private bool _ending;

    /// <param name="owner">The block that targets know.</param>
    /// <param name="messages">Where messages wait; used under <paramref name="values"/>.</param>
    /// <param name="settings">The block's options.</param>
    /// <param name="completion">The block's end.</param>
    /// <param name="values">The lock of the messages.</param>
    /// <param name="left">Called after so many messages left; no lock of values is held.</param>
    /// <param name="unlinked">Called after a link was removed before the block's end; the lock of links is held.</param>
    /// <param name="failed">Called with what a predicate, a target or the scheduler threw; faults the block.</param>
    internal SlabSourceCore(ISourceBlock<TOut> owner, MessageQueue<TOut> messages, BlockSettings settings, BlockCompletion completion,
        Lock values, Action<int>? left, Action<Exception> failed, Action? unlinked = null)
    {
        _owner = owner;
        _settings = settings;
        _messages = messages;
        _completion = completion;
        _values = values;
        _left = left;
        _unlinked = unlinked;
        _failed = failed;
        _offering = new BlockWork(settings, OfferAll, failed);
    }

    internal Lock Values => _values;

    internal int Count
    {
        get
        {
            lock (_values)
                return _ending ? 0 : _messages.Count;
        }
    }

    /// <summary>Messages that left, each with its id.</summary>
    internal long Sent
    {
        get
        {
            lock (_values)
                return _headId - 1;
        }
    }

    /// <summary>Adds a message. False, and it stays the caller's, when there is no room for it or the block ends.</summary>
    internal bool TryAdd(TOut message)
    {
        if (!TryAddQuietly(message))
            return false;
        Offer();
        return true;
    }

    /// <summary>As <see cref="TryAdd"/>; the caller has it offered, once for several.</summary>
    internal bool TryAddQuietly(TOut message)
    {
        lock (_values)
            return !_closed && _messages.TryEnqueue(message);
    }

    /// <summary>Whether messages that are built now would still be sent. Under the lock of values.</summary>
    internal bool IsClosed => _closed;

    internal IDisposable LinkTo(ITargetBlock<TOut> target, DataflowLinkOptions linkOptions, Predicate<TOut>? predicate = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(linkOptions);
        StockBroadcast.Warn(_owner, target);
        var link = new TargetLink<TOut>(this, target, linkOptions, predicate);
        bool ended;
        lock (_outgoing)
        {
            lock (_values)
                ended = _ending;
            if (!ended)
            {
                if (linkOptions.Append)
                    _links.Add(link);
                else
                    _links.Insert(0, link);
                TryOfferHeadTo(link); // C29
            }
        }
        if (!ended)
        {
            Offer();
            CompleteIfDone(); // what the link was offered may have been the last
            return link;
        }
        link.IsRemoved = true;
        if (link.Propagates) // C30
            _completion.Task.ContinueWith(
                static (completed, target) => TargetLink<TOut>.Propagate(completed, (ITargetBlock<TOut>)target!), target,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return link;
    }

    /// <summary>Who is offered what no link's predicate matches; null: it waits.</summary>
    internal ITargetBlock<TOut>? Unmatched
    {
        get
        {
            lock (_outgoing)
                return _unmatched?.Target;
        }
        set
        {
            lock (_outgoing)
            {
                _unmatched = value is null ? null : new TargetLink<TOut>(this, value, new DataflowLinkOptions(), null);
                lock (_values)
                    _offersEnabled = _reservedFor is null;
            }
            Offer();
        }
    }

    internal void Unlink(TargetLink<TOut> link)
    {
        lock (_outgoing)
            Remove(link);
    }

    private void Remove(TargetLink<TOut> link)
    {
        if (link.IsRemoved)
            return;
        link.IsRemoved = true;
        _links.Remove(link);
        _unlinked?.Invoke();
    }

    /// <summary>After a message went through a link: one less until it ends (C27).</summary>
    private void CountDown(TargetLink<TOut> link)
    {
        if (link.Left != DataflowBlockOptions.Unbounded && --link.Left == 0)
            Remove(link);
    }

    internal bool TryReceive(Predicate<TOut>? filter, [MaybeNullWhen(false)] out TOut message)
    {
        message = default;
        lock (_outgoing)
            lock (_values)
            {
                if (_ending || _reservedFor is not null || !Peek(out var head) || (filter is not null && !filter(head)))
                    return false;
                message = TakeHead();
            }
        AfterTaken(1);
        return true;
    }

    internal bool TryReceiveAll([NotNullWhen(true)] out IList<TOut>? messages)
    {
        messages = null;
        List<TOut>? taken = null;
        lock (_outgoing)
            lock (_values)
            {
                if (_ending || _reservedFor is not null || _messages.Count == 0)
                    return false;
                while (Peek(out _))
                    (taken ??= new(_messages.Count)).Add(TakeHead());
            }
        if (taken is null)
            return false;
        messages = taken;
        AfterTaken(taken.Count);
        return true;
    }

    internal TOut? ConsumeMessage(DataflowMessageHeader header, ITargetBlock<TOut> target, out bool consumed)
    {
        Check(header, target);
        consumed = false;
        TOut message;
        lock (_outgoing)
        {
            lock (_values)
            {
                if (header.Id != _headId || (_reservedFor is not null && !ReferenceEquals(_reservedFor, target)) || !Peek(out _))
                    return default;
                message = TakeHead();
                _reservedFor = null;
            }
            foreach (var link in _links)
                if (ReferenceEquals(link.Target, target))
                {
                    CountDown(link);
                    break;
                }
        }
        consumed = true;
        AfterTaken(1);
        return message;
    }

    internal bool ReserveMessage(DataflowMessageHeader header, ITargetBlock<TOut> target)
    {
        Check(header, target);
        lock (_outgoing)
            lock (_values)
            {
                // What is reserved must be there when it is consumed, so it is made now.
                if (header.Id != _headId || _reservedFor is not null || !Peek(out _))
                    return false;
                _reservedFor = target;
                _offersEnabled = false;
                return true;
            }
    }

    internal void ReleaseReservation(DataflowMessageHeader header, ITargetBlock<TOut> target)
    {
        Check(header, target);
        lock (_outgoing)
            lock (_values)
            {
                if (!ReferenceEquals(_reservedFor, target) || header.Id != _headId)
                    throw new InvalidOperationException(
                        $"{target} released message {header.Id} of {_owner}, which it had not reserved.");
                _reservedFor = null;
                _offersEnabled = true;
            }
        Offer();
        CompleteIfDone();
    }

    private static void Check(DataflowMessageHeader header, ITargetBlock<TOut> target)
    {
        BlockThrow.IfInvalid(header);
        ArgumentNullException.ThrowIfNull(target);
    }

    /// <summary>The oldest message; where none can be made for lack of slots, offering goes on once one is free. Under the lock of values.</summary>
    private bool Peek(out TOut head)
    {
        if (_messages.TryPeek(out head))
            return true;
        if (_messages.Count > 0 && !_waitsForSlot)
        {
            _waitsForSlot = true;
            _messages.WhenPeekable(OnSlotFree);
        }
        return false;
    }

    private void OnSlotFree()
    {
        lock (_values)
        {
            _waitsForSlot = false;
            if (_reservedFor is null)
                _offersEnabled = true;
        }
        _offering.Request();
    }

    /// <summary>Under the lock of values.</summary>
    private TOut TakeHead()
    {
        var message = _messages.Dequeue();
        _headId++;
        _offersEnabled = true;
        return message;
    }

    private void AfterTaken(int count)
    {
        _left?.Invoke(count);
        Offer();
        CompleteIfDone();
    }

    /// <summary>No messages come any more; the block completes once the rest has gone, or was dropped; a reservation holds the end up (C36 to C38).</summary>
    internal void Complete()
    {
        lock (_values)
            _closed = true;
        CompleteIfDone();
    }

    internal void CompleteIfDone()
    {
        lock (_values)
        {
            if (_ending || !_closed || _reservedFor is not null || (_messages.Count > 0 && !_completion.Drops))
                return;
            _ending = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.End(), this, preferLocal: false); // C39
    }

    private void End()
    {
        TargetLink<TOut>[] told;
        int dropped;
        lock (_outgoing)
        {
            told = [.. _links.Where(static link => link.Propagates)];
            _links.ForEach(static link => link.IsRemoved = true);
            _links.Clear(); // C41
            lock (_values)
            {
                dropped = _messages.Count;
                _messages.Clear();
                _messages.Dispose();
            }
        }
        if (dropped > 0)
            _left?.Invoke(dropped);
        _completion.Finish();
        foreach (var link in told)
            TargetLink<TOut>.Propagate(_completion.Task, link.Target); // C40
    }
}
