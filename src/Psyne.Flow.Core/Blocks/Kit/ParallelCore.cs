using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>
/// A target half that handles several messages at a time, or whose delegate is asynchronous. Each message becomes a lease
/// of its own, since it outlives the queue's turn.
/// </summary>
/// <remarks>Delegates are called by as many workers as the parallelism allows, each started when there is a message for it; none waits for an asynchronous one.</remarks>
internal abstract class ParallelCore<T> : SlabTargetCore<Lease<T>> where T : unmanaged
{
    private const int MostWorkers = 256;

    private readonly BlockWork[] _workers;
    private readonly SlabQueue<T> _messages;
    private readonly Action _slotFree;

    // Under Incoming.
    private int _running;
    private int _nextWorker;
    private long _nextPosition;
    private bool _ended;
    private HandlerRun<T>? _spare;
    private readonly List<HandlerRun<T>> _retrying = [];
    private readonly Queue<HandlerRun<T>> _again = [];

    protected ParallelCore(ITargetBlock<Lease<T>> owner, BlockSettings settings, BlockCompletion completion, BlockSlab<T> slab, ErrorHandler<T> errors)
        : base(owner, SlabQueue<T>.Create(settings, slab), settings, completion, new Lock(), Unsafe.SizeOf<T>())
    {
        _messages = (SlabQueue<T>)Queue;
        Errors = errors;
        _workers = new BlockWork[Math.Min(settings.Parallelism, MostWorkers)];
        for (var i = 0; i < _workers.Length; i++)
            _workers[i] = new BlockWork(settings, Run, Fail);
        _slotFree = OnSlotFree;
    }

    internal ErrorHandler<T> Errors { get; }

    /// <summary>Whether handled messages leave the bound at once.</summary>
    protected abstract bool LeavesWhenHandled { get; }

    /// <summary>Takes a slot for what will come of a message. False when there is none at present, and <paramref name="look"/> is called when there is.</summary>
    protected abstract bool TryPrepare(out long slot, Action look);

    /// <summary>Gives back a slot that nothing came into.</summary>
    internal abstract void Unprepare(long slot);

    /// <summary>Calls the delegate.</summary>
    internal abstract ValueTask Handle(Lease<T> message, long slot);

    /// <summary>Passes on what came of a message, at its place. Called once for each message that was taken, whether something came of it or not.</summary>
    protected abstract void PassOn(long position, long slot, bool hasResult);

    /// <summary>Everything was handled, or dropped, and nothing will come.</summary>
    protected abstract void OnEnded();

    protected override void OnIntake() => WakeOne();

    protected override void OnRoom() => WakeOne();

    protected override void OnClosed() => WakeOne();

    protected sealed override void OnSlotFree() => _workers[0].Request(); // WakeOne's lock may wait for one that is held here

    protected void WakeOne()
    {
        BlockWork? idle = null;
        lock (Incoming)
        {
            for (var tries = 0; tries < _workers.Length && idle is null; tries++)
            {
                var worker = _workers[_nextWorker];
                _nextWorker = (_nextWorker + 1) % _workers.Length;
                if (worker.IsIdle)
                    idle = worker;
            }
            idle ??= _workers[0]; // none: one looks again when it is done
        }
        idle.Request();
    }

    private void Run()
    {
        for (var budget = Settings.MessagesPerTask; ; budget--)
        {
            if (budget == 0)
            {
                WakeOne();
                return;
            }
            if (TryStartAgain() is { } again)
            {
                again.Start();
                continue;
            }
            if (TryStart() is { } run)
            {
                run.Start();
                continue;
            }
            if (BlockEnd.Drops || !ConsumePostponed())
                break;
        }
        EndIfDone();
    }

    /// <summary>The message waits to be tried again: it still counts as running.</summary>
    internal void AddRetry(HandlerRun<T> run)
    {
        lock (Incoming)
            _retrying.Add(run);
        if (BlockEnd.Drops)
            WakeOne();
    }

    /// <summary>The message's turn has come.</summary>
    internal void StartAgain(HandlerRun<T> run)
    {
        lock (Incoming)
        {
            if (!_retrying.Remove(run))
                return; // it was dropped
            _again.Enqueue(run);
        }
        WakeOne();
    }

    /// <summary>A message that is to be tried again now. Those that wait for it are dropped where the block drops all.</summary>
    private HandlerRun<T>? TryStartAgain()
    {
        HandlerRun<T>[] dropped;
        lock (Incoming)
        {
            if (!BlockEnd.Drops)
                return _again.TryDequeue(out var run) ? run : null;
            dropped = [.. _retrying, .. _again];
            _retrying.Clear();
            _again.Clear();
        }
        foreach (var run in dropped)
            run.Abandon();
        return null;
    }

    /// <summary>Takes the oldest message and what its handling needs.</summary>
    private HandlerRun<T>? TryStart()
    {
        var more = false;
        HandlerRun<T>? run = null;
        long slot;
        lock (Incoming)
        {
            if (BlockEnd.Drops || Queue.Count == 0 || _running >= Settings.Parallelism)
                return null;
        }
        if (!TryPrepare(out slot, _slotFree))
            return null;
        lock (Incoming)
        {
            if (!BlockEnd.Drops && _running < Settings.Parallelism && _messages.CheckOut(1) == 1)
            {
                if (_messages.TryTakeIn(0, out var message))
                {
                    Queue.Remove(1);
                    _running++;
                    run = _spare ?? new HandlerRun<T>(this);
                    _spare = run.Next;
                    run.Begin(message, slot, _nextPosition++);
                    more = Queue.Count > 0 && _running < Settings.Parallelism;
                }
                else
                    _messages.WhenPeekable(_slotFree);
            }
        }
        if (run is null)
            Unprepare(slot);
        else if (more && _workers.Length > 1)
            WakeOne();
        return run;
    }

    /// <summary>A message was handled, or given up. Called without locks, on any thread.</summary>
    internal void Finish(HandlerRun<T> run, bool hasResult)
    {
        var (position, slot) = (run.Position, run.Slot);
        PassOn(position, slot, hasResult);
        lock (Incoming)
        {
            _running--;
            run.Next = _spare;
            _spare = run;
            if (LeavesWhenHandled)
                Uncount(1);
        }
    }

    /// <summary>After a message that was handled asynchronously: there may be another, or it was the last.</summary>
    internal void GoOn() => WakeOne();

    private void EndIfDone()
    {
        lock (Incoming)
        {
            if (_ended || !Declines || _running > 0 || IsTransferring || (Queue.Count > 0 && !BlockEnd.Drops))
                return;
            _ended = true;
            Queue.Clear();
            Queue.Dispose();
        }
        ReleasePostponed();
        OnEnded();
    }
}
