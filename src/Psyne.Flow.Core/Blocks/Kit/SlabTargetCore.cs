using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>
/// The target half of a block: what it accepts, postpones and declines, its bound, and the queue in front of the handler.
/// Rule numbers are those of docs/dataflow-contract.md.
/// </summary>
/// <remarks>
/// Thread-safe. <c>Incoming</c> guards everything here, and is held while no source and no delegate is called. Where the
/// queue is the source half's (a buffer), so is the lock.
/// </remarks>
internal abstract partial class SlabTargetCore<TIn> : IBatchTarget<TIn>, StallWatch.IDelayed
{
    /// <summary>The most messages that are consumed, or handled, before somebody else gets a turn.</summary>
    protected const int LargestBatch = 256;

    private readonly PostponedMessages<TIn> _postponed = new();
    private readonly SlotWait<TIn> _slotWait;
    private readonly Lock _consuming = new();
    private readonly long _bound;
    private readonly long _step;
    private long _outstanding;
    private long _received;
    private long _waits;
    private int _transfers;
    private bool _declines;
    private bool _tellsLater;

    /// <param name="owner">The block that sources know; null where that is this.</param>
    /// <param name="queue">Where messages wait.</param>
    /// <param name="settings">The block's options.</param>
    /// <param name="completion">The block's end.</param>
    /// <param name="incoming">The lock.</param>
    /// <param name="messageBytes">Bytes of a message, for the bound in bytes; 0 where that is not known.</param>
    protected SlabTargetCore(ITargetBlock<TIn>? owner, MessageQueue<TIn> queue, BlockSettings settings, BlockCompletion completion, Lock incoming, long messageBytes)
    {
        Owner = owner ?? (ITargetBlock<TIn>)this;
        Queue = queue;
        Settings = settings;
        BlockEnd = completion;
        Incoming = incoming;
        _slotWait = new SlotWait<TIn>(queue, OnSlotFree);
        _bound = settings.BoundFor(messageBytes);
        // Room is given to those who wait for it by so many messages, so that a small hand-over doesn't follow each message.
        _step = Math.Clamp(_bound / 16, 1, 64);
    }

    protected ITargetBlock<TIn> Owner { get; }

    protected MessageQueue<TIn> Queue { get; }

    protected BlockSettings Settings { get; }

    protected BlockCompletion BlockEnd { get; }

    internal Lock Incoming { get; }

    /// <summary>Messages that wait to be handled.</summary>
    internal virtual int InputCount
    {
        get
        {
            lock (Incoming)
                return Queue.Count;
        }
    }

    /// <summary>Messages that came in.</summary>
    internal long Received
    {
        get
        {
            lock (Incoming)
                return _received;
        }
    }

    /// <summary>How often a source was told to wait.</summary>
    internal long Waits
    {
        get
        {
            lock (Incoming)
                return _waits;
        }
    }

    /// <summary>Whether no message is let in any more. Under the lock.</summary>
    protected bool Declines => _declines;

    /// <summary>Whether messages wait at sources for room. Under the lock, or as a hint.</summary>
    protected bool HasPostponed => _postponed.Count > 0;

    /// <summary>Messages that wait at sources: one of each. Under the lock.</summary>
    protected int PostponedCount => _postponed.Count;

    /// <summary>Whether the bound lets so many more in. Under the lock.</summary>
    protected bool HasRoomFor(int count) => BoundRoom >= count;

    /// <summary>Messages came in by a batch that was reserved.</summary>
    protected void CountReceived(int count)
    {
        lock (Incoming)
        {
            _outstanding += count;
            _received += count;
        }
    }

    /// <summary>Messages that were handled, or taken, and are still in the count. Under the lock; what it tells may grow meanwhile.</summary>
    protected virtual long Uncounted => 0;

    protected bool IsTransferring => _transfers > 0;

    private long BoundRoom => _bound == long.MaxValue ? long.MaxValue : _bound - (_outstanding - Uncounted);

    /// <summary>What is on its way has its place in the queue, too; while one waits for a slot, there is no room for others.</summary>
    private long Room => _slotWait.IsWaiting ? 0 : Math.Min(BoundRoom, Queue.Room - _transfers);

    /// <summary>Whether room is worth telling of: enough, or all there is.</summary>
    protected bool HasRoomToTell => HasPostponed && (Room >= _step || (Room > 0 && WaitsOutside));

    /// <summary>Whether the next that waits is no block of ours: it would see that it waits beside free room.</summary>
    private bool WaitsOutside => !Settings.FastPath || _postponed.FirstSource is not SlabSourceBlock<TIn>;

    /// <summary>Whether somebody waits and there is room, however little. Under the lock, or as a hint.</summary>
    protected bool HasAnyRoomToTell => HasPostponed && Room > 0;

    /// <summary>After messages came in, or were postponed: outside the lock.</summary>
    protected abstract void OnIntake();

    /// <summary>After the intake ended: outside the lock.</summary>
    protected abstract void OnClosed();

    internal DataflowMessageStatus OfferMessage(DataflowMessageHeader header, TIn message, ISourceBlock<TIn>? source, bool consumeToAccept)
    {
        BlockThrow.IfInvalid(header);
        if (source is null && consumeToAccept)
            throw new ArgumentException("A message can't be consumed from no source.", nameof(consumeToAccept));
        lock (Incoming)
        {
            if (_declines)
                return DataflowMessageStatus.DecliningPermanently; // C11
            // C12: what waits at sources, or is on its way, goes first.
            if (IsNonGreedy || Room <= 0 || HasPostponed || _transfers > 0)
                return Postpone(header, source);
            if (consumeToAccept)
            {
                _outstanding++;
                _transfers++;
            }
            else if (Queue.TryEnqueue(message))
            {
                _outstanding++;
                _received++;
            }
            else
                return PostponeForSlot(header, source);
        }
        var accepted = !consumeToAccept || Consume(source!, header);
        OnIntake(); // a block that ends waits for transfers, too
        if (!accepted)
            return DataflowMessageStatus.NotAvailable; // C8
        return DataflowMessageStatus.Accepted;
    }

    /// <summary>Takes in a message that is copied. False where an offer without a source would be declined.</summary>
    internal bool TryPost<T>(ref readonly T message) where T : unmanaged
    {
        lock (Incoming)
        {
            if (_declines || IsNonGreedy || Room <= 0 || HasPostponed || _transfers > 0 || !((SlabQueue<T>)(object)Queue).TryAppend(in message))
                return false;
            _outstanding++;
            _received++;
        }
        OnIntake();
        return true;
    }

    private DataflowMessageStatus Postpone(DataflowMessageHeader header, ISourceBlock<TIn>? source)
    {
        if (source is null)
            return DataflowMessageStatus.Declined; // C10
        PostponeAt(source, header);
        return DataflowMessageStatus.Postponed;
    }

    private void PostponeAt(ISourceBlock<TIn> source, DataflowMessageHeader header)
    {
        _postponed.Push(source, header);
        _waits++;
        OnPostponed();
    }

    /// <summary>There is no slot for it on the slab (P5). Under the lock.</summary>
    private DataflowMessageStatus PostponeForSlot(DataflowMessageHeader header, ISourceBlock<TIn>? source)
    {
        if (source is not null)
            _slotWait.Begin();
        return Postpone(header, source);
    }

    /// <summary>After a message was postponed. Under the lock.</summary>
    protected virtual void OnPostponed() { }

    /// <summary>Consumes a message that room was counted for. False, and the room is free again, when it was not to be had.</summary>
    private bool Consume(ISourceBlock<TIn> source, DataflowMessageHeader header)
    {
        var consumed = false;
        TIn? message = default;
        try
        {
            message = source.ConsumeMessage(header, Owner, out var given);
            consumed = given; // not what a source that throws has said before
        }
        finally
        {
            var dropped = false;
            lock (Incoming)
            {
                dropped = consumed && BlockEnd.Drops;
                _received += consumed ? 1 : 0;
                if (!consumed || dropped)
                {
                    _transfers--;
                    _outstanding--; // C13
                }
                else if (_slotWait.TryEnqueue(message!))
                    _transfers--;
                // else it stays on its way until there is a slot for it
            }
            if (dropped)
                MessageQueue<TIn>.End(message!);
        }
        return consumed;
    }

    /// <summary>A slot of the slab may be free. Called on the thread that freed it, with whatever locks that holds: it only asks for work.</summary>
    protected virtual void OnSlotFree() => OnRoom();

    /// <summary>Takes in what was consumed and waited for a slot. True when some came in.</summary>
    private bool TakeWaiting()
    {
        if (!_slotWait.HasMessages)
            return false;
        lock (Incoming)
        {
            var entered = _slotWait.EnqueueAll();
            _transfers -= entered;
            return entered > 0;
        }
    }

    /// <summary>Drops what was consumed and waits for a slot: called without the lock, when the block drops all that it has.</summary>
    protected void DropWaiting()
    {
        List<TIn> dropped;
        lock (Incoming)
        {
            dropped = _slotWait.TakeAll();
            _transfers -= dropped.Count;
            _outstanding -= dropped.Count;
        }
        dropped.ForEach(MessageQueue<TIn>.End);
    }

    /// <summary>Takes what was postponed, as far as there is room. Called without locks; who comes second leaves it to the first.</summary>
    protected bool ConsumePostponed()
    {
        var any = TakeWaiting();
        while (HasPostponed && _consuming.TryEnter())
        {
            try
            {
                any |= ConsumeAll();
            }
            finally
            {
                _consuming.Exit();
            }
            // Who came second meanwhile left it to this one, for room that may not have been seen.
            lock (Incoming)
                if (_declines || !HasAnyRoomToTell)
                    break;
        }
        return any;
    }

    private bool ConsumeAll()
    {
        var any = false;
        while (true)
        {
            ISourceBlock<TIn>? source;
            DataflowMessageHeader header;
            int most;
            lock (Incoming)
            {
                if (_declines || Room <= 0 || !_postponed.TryPop(out source, out header))
                    return any;
                most = (int)Math.Min(LargestBatch, Room);
                _transfers++;
                _outstanding++;
            }
            if (Settings.FastPath && source is SlabSourceBlock<TIn> block && TryPull(block.Core, header, most))
            {
                any = true;
                continue;
            }
            if (Consume(source, header))
                any = true;
        }
    }

    private bool TryPull(SlabSourceCore<TIn> source, DataflowMessageHeader header, int most)
    {
        lock (Incoming)
        {
            _outstanding--; // counted with the batch
            _transfers--;
        }
        if (source.PullInto(this, Owner, header, most) > 0)
            return true;
        lock (Incoming)
        {
            _outstanding++;
            _transfers++;
        }
        return false;
    }

    /// <summary>Messages have left the block for good: there is room again. Called without this lock.</summary>
    internal void OnLeft(int count)
    {
        bool tell, later;
        lock (Incoming)
        {
            _outstanding -= count;
            tell = HasRoomToTell;
            later = !tell && !_tellsLater && HasAnyRoomToTell;
            if (later)
                _tellsLater = true;
        }
        if (tell)
            OnRoom();
        else if (later)
            StallWatch.Later(this);
    }

    /// <summary>A while after there was too little room to tell of.</summary>
    void StallWatch.IDelayed.Run()
    {
        lock (Incoming)
            _tellsLater = false;
        OnRoom();
    }

    /// <summary>Under the lock.</summary>
    protected void Uncount(long count) => _outstanding -= count;

    /// <summary>Under the lock.</summary>
    protected void CountMore(long count) => _outstanding += count;

    /// <summary>There is room for what waits at sources: outside the lock.</summary>
    protected abstract void OnRoom();

    /// <summary>Whether everything is postponed, to be reserved later.</summary>
    protected virtual bool IsNonGreedy => false;

    protected bool TryPopPostponed([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ISourceBlock<TIn>? source, out DataflowMessageHeader header)
    {
        lock (Incoming)
            return _postponed.TryPop(out source, out header);
    }

    protected void PushPostponed(ISourceBlock<TIn> source, DataflowMessageHeader header)
    {
        lock (Incoming)
            _postponed.Push(source, header);
    }
}
