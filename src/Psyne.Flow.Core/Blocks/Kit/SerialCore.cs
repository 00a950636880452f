#pragma warning disable RS0030 // whether somebody wants the worker's attention, and counts; nothing on the slab is ordered by them
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>A target half whose messages are handled one after another, by batches that are set apart and handled where they lie.</summary>
internal abstract class SerialCore<T> : SlabTargetCore<Lease<T>>, StallWatch.IWatched where T : unmanaged
{
    private readonly BlockWork _work;
    private BatchPace _pace = new(LargestBatch);
    private bool _ended;

    /// <summary>Messages of the present batch, and how many of them are finished; read by others. The next one is in the delegate's hands.</summary>
    private int _batch;
    private int _finished;
    private long _handled;
    private bool _attention;

    protected SerialCore(ITargetBlock<Lease<T>> owner, SlabQueue<T> queue, BlockSettings settings, BlockCompletion completion)
        : base(owner, queue, settings, completion, new Lock(), Unsafe.SizeOf<T>())
    {
        Messages = queue;
        _work = new BlockWork(settings, Run, Fail);
    }

    protected SlabQueue<T> Messages { get; }

    internal sealed override int InputCount
    {
        get
        {
            lock (Incoming)
                return Queue.Count - Math.Min(_batch, Finished + 1);
        }
    }

    protected int Finished => WorkProgress<HardwareAtomics>.Finished(ref _finished);

    protected override void OnIntake() => _work.Request();

    protected override void OnRoom() => _work.Request();

    protected override void OnClosed()
    {
        Volatile.Write(ref _attention, true);
        _work.Request();
    }

    protected override void OnPostponed() => Volatile.Write(ref _attention, true);

    /// <summary>Has the worker run again.</summary>
    protected void Wake() => _work.Request();

    /// <summary>Handles up to <paramref name="count"/> messages that are set apart; how many it did. Fewer where it can't go on, and then it sees to it that <see cref="Wake"/> is called.</summary>
    protected abstract int Handle(int count, out bool stalls);

    /// <summary>After a batch.</summary>
    protected virtual void PassOnResults() { }

    /// <summary>On the worker, when no message waits.</summary>
    protected virtual void OnIdle() { }

    /// <summary>Everything was handled, or dropped, and nothing will come.</summary>
    protected abstract void OnEnded();

    /// <summary>Whether handled messages leave the bound at once.</summary>
    protected abstract bool LeavesWhenHandled { get; }

    protected sealed override long Uncounted => LeavesWhenHandled ? Finished : 0;

    /// <summary>Whether the batch goes on. Looked at before each message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool GoesOn() => !Volatile.Read(ref _attention) || !Stops();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void End(int index) => WorkProgress<HardwareAtomics>.Finish(ref _finished, index + 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Stops() => BlockEnd.Drops || (LeavesWhenHandled && HasRoomToTell);

    private void Run()
    {
        StallWatch.Add(this);
        try
        {
            HandleAll();
        }
        finally
        {
            StallWatch.Remove(this);
        }
        EndIfDone();
    }

    private void HandleAll()
    {
        var budget = Settings.MessagesPerTask;
        while (true)
        {
            var count = SetApart(budget);
            if (count == 0)
            {
                if (!BlockEnd.Drops && ConsumePostponed())
                    continue;
                OnIdle();
                return;
            }
            var handled = Handle(count, out var stalls);
            PutAway(handled);
            _pace.End(handled);
            PassOnResults();
            budget -= handled;
            if (HasRoomToTell)
                ConsumePostponed();
            if (budget <= 0)
            {
                _work.Request(); // C44
                return;
            }
            if (stalls)
                return;
        }
    }

    private int SetApart(int budget)
    {
        lock (Incoming)
        {
            Volatile.Write(ref _attention, HasPostponed || BlockEnd.Drops);
            return _batch = BlockEnd.Drops ? 0 : Messages.CheckOut(Math.Min(_pace.Begin(), budget));
        }
    }

    /// <summary>What was handled is out of the queue: finished, or failed and seen to.</summary>
    private void PutAway(int handled)
    {
        lock (Incoming)
        {
            Queue.Remove(handled);
            if (LeavesWhenHandled)
                Uncount(handled);
            Volatile.Write(ref _handled, _handled + handled);
            WorkProgress<HardwareAtomics>.Finish(ref _finished, 0);
            _batch = 0;
        }
    }

    private void EndIfDone()
    {
        lock (Incoming)
        {
            if (_ended || !Declines || IsTransferring || (Queue.Count > 0 && !BlockEnd.Drops))
                return;
            _ended = true;
            Queue.Clear();
            Queue.Dispose();
        }
        ReleasePostponed();
        OnEnded();
    }

    int StallWatch.IWatched.WatchIndex { get; set; }

    long StallWatch.IWatched.Progress => Volatile.Read(ref _handled) + Finished;

    long StallWatch.IWatched.SeenProgress { get; set; }

    void StallWatch.IWatched.PassOn()
    {
        try
        {
            PassOnResults();
            if (HasAnyRoomToTell && ConsumePostponed())
                _work.Request(); // the worker may have ended meanwhile
        }
        catch (Exception fault) // a source's or a target's own
        {
            Fail(fault);
        }
    }
}
