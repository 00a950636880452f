using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>One side of a join: greedy, it takes what comes and keeps it; else it only notes what is offered, until every side has something.</summary>
internal sealed class JoinTarget<T> : SlabTargetCore<Lease<T>>, IBatchTargetBlock<Lease<T>>, IJoinSide where T : unmanaged
{
    private readonly Action _changed;
    private readonly Action<Exception> _fault;
    private readonly Task _completion;
    private readonly bool _greedy;
    private readonly SlabQueue<T> _messages;
    private readonly Reserved<T> _reserved = new();
    private volatile bool _waitsForSlot;

    internal JoinTarget(BlockSettings settings, BlockCompletion completion, BlockSlab<T> slab, Action changed, Action<Exception> fault)
        : base(null, SlabQueue<T>.Create(settings, slab), settings, completion, new Lock(), System.Runtime.CompilerServices.Unsafe.SizeOf<T>())
    {
        _changed = changed;
        _fault = fault;
        _completion = completion.Task;
        _greedy = settings.Greedy;
        _messages = (SlabQueue<T>)Queue;
    }

    public Task Completion => _completion;

    SlabTargetCore<Lease<T>> IBatchTargetBlock<Lease<T>>.Target => this;

    protected override bool IsNonGreedy => !_greedy;

    public bool IsClosed
    {
        get
        {
            lock (Incoming)
                return Declines;
        }
    }

    public bool IsBusy
    {
        get
        {
            lock (Incoming)
                return IsTransferring;
        }
    }

    public bool MayBeReady
    {
        get
        {
            lock (Incoming)
                return _greedy ? Queue.Count > 0 : HasPostponed;
        }
    }

    int IJoinSide.InputCount => InputCount;

    long IJoinSide.Received => Received;

    long IJoinSide.Waits => Waits;

    void IJoinSide.OnLeft(int count) => OnLeft(count);

    void IDataflowBlock.Complete() => Complete();

    void IDataflowBlock.Fault(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _fault(exception);
    }

    DataflowMessageStatus ITargetBlock<Lease<T>>.OfferMessage(
        DataflowMessageHeader messageHeader, Lease<T> messageValue, ISourceBlock<Lease<T>>? source, bool consumeToAccept) =>
        OfferMessage(messageHeader, messageValue, source, consumeToAccept);

    protected override void OnIntake() => _changed();

    protected override void OnPostponed()
    {
        if (!_greedy)
            _changed();
    }

    protected override void OnRoom() => _changed();

    protected override void OnClosed() => _changed();

    /// <summary>Takes in what waits for room.</summary>
    public void Fill()
    {
        if (_greedy)
            ConsumePostponed();
    }

    public int CheckOut(int most)
    {
        lock (Incoming)
            return _messages.CheckOut(most);
    }

    /// <summary>Small messages that were checked out.</summary>
    internal ReadOnlySpan<T> Run(int count) => ((ValueQueue<T>)_messages).Run(built: false, count);

    public void Remove(int count)
    {
        lock (Incoming)
            Queue.Remove(count);
    }

    /// <summary>Has a message ready: one that waits here and has a slot, or one that is reserved at its source.</summary>
    public bool TryReady()
    {
        if (_greedy)
            return TryPeek();
        while (TryPopPostponed(out var source, out var header))
            if (source.ReserveMessage(header, this))
            {
                _reserved.Set(source, header);
                return true;
            }
        return false;
    }

    private bool TryPeek()
    {
        lock (Incoming)
        {
            if (Queue.TryPeek(out _)) // from here on it has its slot
                return true;
            if (Queue.Count > 0 && !_waitsForSlot)
            {
                _waitsForSlot = true;
                Queue.WhenPeekable(OnPeekable);
            }
            return false;
        }
    }

    private void OnPeekable()
    {
        _waitsForSlot = false; // who joins looks again after this
        _changed();
    }

    /// <summary>Gives back what was reserved, and notes it again.</summary>
    public void Unready()
    {
        if (_greedy || !_reserved.Take(out var source, out var header))
            return;
        PushPostponed(source, header); // first: the release may offer a newer one
        source.ReleaseReservation(header, this);
    }

    /// <summary>Takes the message that is ready. False where its source did not keep what it had let be reserved.</summary>
    internal bool TryTake(out Lease<T> message)
    {
        message = default;
        if (_greedy)
        {
            lock (Incoming)
                message = Queue.Dequeue();
            return true;
        }
        if (!_reserved.Take(out var source, out var header))
            return false;
        message = source.ConsumeMessage(header, this, out var consumed);
        return consumed;
    }

    /// <summary>Ends this side: nothing more is taken, and what waits at sources is let go.</summary>
    public void Close()
    {
        lock (Incoming)
        {
            Queue.Clear();
            Queue.Dispose();
        }
        DropWaiting();
        ReleasePostponed();
    }

    public void EndIntake() => Complete();

    public override string ToString() => $"Target of {typeof(T).Name} of a join";
}
