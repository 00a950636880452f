#pragma warning disable RS0030 // whether the worker waits for room; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Makes a message of each message, one after another: the delegate writes into the slot that goes on.</summary>
internal class SerialTransform<TIn, TOut> : SerialCore<TIn>
    where TIn : unmanaged
    where TOut : unmanaged
{
    private readonly SlabTransform<TIn, TOut> _transform;
    private readonly SlabSourceCore<Lease<TOut>> _source;
    private readonly SlabQueue<TOut> _results;
    private readonly ErrorHandler<TIn> _errors;
    private bool _waitsForRoom;
    private bool _stalls;

    internal SerialTransform(IPropagatorBlock<Lease<TIn>, Lease<TOut>> owner, SlabTransform<TIn, TOut> transform, BlockSettings settings,
        BlockCompletion completion, BlockSlab<TIn> inputs, BlockSlab<TOut> outputs, ErrorHandler<TIn> errors)
        : base(owner, SlabQueue<TIn>.Create(settings, inputs), settings, completion)
    {
        _transform = transform;
        _errors = errors;
        Retries = new SerialRetries<TIn>(errors, Wake);
        Outputs = outputs;
        _results = SlabQueue<TOut>.Create(settings, outputs);
        _source = new SlabSourceCore<Lease<TOut>>(owner, _results, settings, completion, new Lock(), OnResultsLeft, Fail);
    }

    internal SlabSourceCore<Lease<TOut>> Source => _source;

    protected BlockSlab<TOut> Outputs { get; }

    protected SlabQueue<TOut> Results => _results;

    protected ErrorHandler<TIn> Errors => _errors;

    protected SerialRetries<TIn> Retries { get; }

    protected override bool LeavesWhenHandled => false;

    protected override void OnEnded()
    {
        Retries.End();
        _source.Complete();
    }

    private void OnResultsLeft(int count)
    {
        OnLeft(count);
        if (Volatile.Read(ref _waitsForRoom))
            Wake();
    }

    /// <summary>Room for results; where there is none, the worker is woken when there may be.</summary>
    protected int ReserveResults(int most)
    {
        Volatile.Write(ref _waitsForRoom, true); // before looking: who makes room from here on tells
        int room;
        lock (_source.Values)
        {
            room = _results.Reserve(most);
            if (room == 0)
                _results.Commit(0);
        }
        if (room > 0)
            Volatile.Write(ref _waitsForRoom, false);
        else if (!SlabQueue<TOut>.IsByValue)
            _results.WhenRoom(Wake);
        return room;
    }

    protected override int Handle(int count, out bool stalls)
    {
        stalls = Retries.IsWaiting;
        if (stalls)
            return 0;
        var room = ReserveResults(count);
        stalls = room == 0;
        if (stalls)
            return 0;
        var built = 0;
        _stalls = false;
        try
        {
            built = Build(room);
        }
        finally
        {
            lock (_source.Values)
                _results.Commit(built);
        }
        Retries.EndBatch(Handled);
        stalls = _stalls;
        return Handled;
    }

    private int Handled { get; set; }

    private int Build(int count)
    {
        var index = 0;
        while (true)
        {
            try
            {
                if (Messages is ValueQueue<TIn> from && _results is ValueQueue<TOut> to)
                    BuildRun(from.Run(built: false, count), to.Run(built: true, count), ref index);
                else
                    BuildLeases(count, ref index);
                Handled = index;
                return index;
            }
            catch (Exception fault) // the delegate's
            {
                var answer = Retries.After(index);
                if (answer == RetryAnswer.Again)
                    continue;
                _stalls = answer == RetryAnswer.Later;
                if (!_stalls)
                    GiveUp(index, fault);
                Handled = _stalls ? index : index + 1;
                return index; // what was built so far goes on; the next message starts a batch of its own
            }
        }
    }

    // Apart, so that the fast path makes no closure.
    private void GiveUp(int index, Exception fault)
    {
        var passed = false;
        if (!_errors.Survives(fault, () => (passed = Messages.TryTakeIn(index, out var lease)) ? lease : null))
            Fail(fault);
        if (!passed || SlabQueue<TIn>.IsByValue)
            Messages.EndIn(index);
        OnLeft(1); // nothing comes of it
    }

    private void BuildRun(Span<TIn> from, Span<TOut> to, ref int index)
    {
        var transform = _transform;
        to = to[..from.Length];
        for (var i = index; i < from.Length; i++)
        {
            index = i;
            if (!GoesOn())
                return;
            transform(in from[i], ref to[i]);
            End(i);
        }
        index = from.Length;
    }

    private void BuildLeases(int count, ref int index)
    {
        for (; index < count && GoesOn(); index++)
        {
            _transform(in Messages.In(index), ref _results.Out(index));
            Messages.EndIn(index);
            End(index);
        }
    }

    protected override void PassOnResults()
    {
        // In the middle of a batch it is the watch that calls. While one is being built, what is finished is of that one.
        if (ResultsFinished > 0)
            lock (_source.Values)
                _results.CommitSome(ResultsFinished);
        _source.OfferNow();
    }

    /// <summary>Results of the run that is being built that are finished. Any thread; it is the lock of values that says which run that is.</summary>
    protected virtual int ResultsFinished => Finished;
}
