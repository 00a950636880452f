using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Makes messages of several messages at a time, or by an asynchronous delegate; they go on in the order of their intake unless the options don't ask for it.</summary>
internal class ParallelTransform<TIn, TOut> : ParallelCore<TIn>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly Func<Lease<TIn>, OutputSlot<TOut>, ValueTask> _transform;
    private readonly ResultOrder<TOut> _order;

    internal ParallelTransform(IPropagatorBlock<Lease<TIn>, Lease<TOut>> owner, Func<Lease<TIn>, OutputSlot<TOut>, ValueTask> transform,
        BlockSettings settings, BlockCompletion completion, BlockSlab<TIn> inputs, BlockSlab<TOut> outputs, ErrorHandler<TIn> errors)
        : base(owner, settings, completion, inputs, errors)
    {
        _transform = transform;
        Outputs = outputs;
        var results = SlabQueue<TOut>.Create(settings, outputs);
        Source = new SlabSourceCore<Lease<TOut>>(owner, results, settings, completion, new Lock(), OnResultsLeft, Fail);
        _order = new ResultOrder<TOut>(results, settings.Ordered);
    }

    internal SlabSourceCore<Lease<TOut>> Source { get; }

    protected BlockSlab<TOut> Outputs { get; }

    protected override bool LeavesWhenHandled => false;

    private void OnResultsLeft(int count)
    {
        bool flushed;
        int messages;
        lock (Source.Values)
            flushed = _order.Flush(out messages);
        OnLeft(count);
        if (flushed)
            AfterFlush(messages);
    }

    protected override bool TryPrepare(out long slot, Action look)
    {
        if (Outputs.TryClaim(out slot))
            return true;
        Outputs.WhenFree(look);
        return false;
    }

    internal override void Unprepare(long slot) => Outputs.Abort(slot);

    internal override ValueTask Handle(Lease<TIn> message, long slot) => _transform(message, new OutputSlot<TOut>(Outputs, slot));

    protected override void PassOn(long position, long slot, bool hasResult)
    {
        Lease<TOut> result = default;
        if (hasResult && !BlockEnd.Drops)
            result = Outputs.ToLease(slot);
        else
            Outputs.Abort(slot);
        PassOn(position, result);
    }

    /// <summary>What came of the message takes its place; an empty lease: nothing.</summary>
    protected void PassOn(long position, Lease<TOut> result)
    {
        if (!result.IsGiven)
            OnLeft(1);
        bool flushed;
        int messages;
        lock (Source.Values)
        {
            _order.Add(position, result);
            flushed = _order.Flush(out messages);
        }
        if (flushed)
            AfterFlush(messages);
    }

    /// <summary>One of several results of a message.</summary>
    protected void Add(long position, Lease<TOut> result, bool isLast)
    {
        lock (Source.Values)
            _order.Add(position, result, isLast);
    }

    private void AfterFlush(int messages)
    {
        OnTurn(messages);
        Source.Offer();
        if (_isClosing)
            OnEnded();
    }

    /// <summary>So many messages' results have all gone into the queue.</summary>
    protected virtual void OnTurn(int messages) { }

    private volatile bool _isClosing;

    protected override void OnEnded()
    {
        _isClosing = true;
        bool empty;
        lock (Source.Values)
        {
            if (BlockEnd.Drops)
                _order.Clear();
            empty = _order.IsEmpty;
        }
        if (empty)
            Source.Complete();
    }
}
