#pragma warning disable RS0030 // the park protocol of managed queues: no slab memory
using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow.Waiting;

/// <summary>
/// The workers of a pool and how they sleep and end. Whoever queues an item, and whoever goes to sleep, first says so,
/// then passes a full fence, then looks what the other said: one of the two sees the other.
/// </summary>
internal sealed class WorkerCrew
{
    private const int SpinsBeforePark = 10;

    [ThreadStatic]
    private static uint t_nextQueue;

    // _gate owns _idle, _settled and all writes of the three words below. Worker's own gate is never taken inside it.
    private readonly Lock _gate = new();
    private readonly List<Worker> _idle = [];
    private readonly WorkerPool _pool;
    private readonly Worker[] _workers;
    private int _settled;
    private int _idleCount;
    private bool _isClosing;
    private bool _isEnded;

    internal WorkerCrew(WorkerPool pool, int workers)
    {
        _pool = pool;
        _workers = new Worker[workers];
        for (var i = 0; i < workers; i++)
        {
            _workers[i] = new Worker(pool, this, i);
        }
    }

    internal ReadOnlySpan<Worker> Workers => _workers;

    internal int IdleCount => Volatile.Read(ref _idleCount);

    internal bool IsCurrent => Worker.Current?.Crew == this;

    internal void Start() => Array.ForEach(_workers, worker => worker.Start());

    internal IEnumerable<Task> QueuedTasks() => _workers.SelectMany(worker => worker.Queue).OfType<Task>();

    internal void Enqueue(object item)
    {
        var worker = Worker.Current;
        if (worker?.Crew != this)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosing), _pool);
            worker = _workers[t_nextQueue++ % (uint)_workers.Length];
        }

        worker.Queue.Enqueue(item); // SYNC: worker-item (store)
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _idleCount) != 0) // SYNC: worker-idle (load)
        {
            WakeOne();
        }

        if (Volatile.Read(ref _isEnded)) // SYNC: worker-end (load)
        {
            RunLeftoversElsewhere();
        }
    }

    /// <summary>Takes no more items from outside; the workers end when all is done.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isClosing, true);
        }

        SignalAll();
    }

    /// <summary>Sleeps until there is an item; false when the crew has ended.</summary>
    internal bool TryWaitForItem(Worker worker, [NotNullWhen(true)] out object? item)
    {
        for (var spin = 0; spin < SpinsBeforePark; spin++)
        {
            Thread.SpinWait(20);
            if (TryFind(worker, out item))
            {
                return true;
            }
        }

        while (true)
        {
            Announce(worker);
            Interlocked.MemoryBarrier();
            if (TryFind(worker, out item)) // SYNC: worker-item (load)
            {
                Withdraw(worker, wasSettled: false);
                PassWakeOn();
                return true;
            }

            if (!SettleOrEnd())
            {
                worker.WaitForSignal();
            }

            Withdraw(worker, wasSettled: true);
            if (TryFind(worker, out item))
            {
                PassWakeOn();
                return true;
            }

            if (Volatile.Read(ref _isEnded))
            {
                return false;
            }
        }
    }

    /// <summary>Takes an item from the worker's own queue, or else from another's.</summary>
    internal bool TryFind(Worker worker, [NotNullWhen(true)] out object? item)
    {
        if (worker.Queue.TryDequeue(out item))
        {
            return true;
        }

        for (var i = 1; i < _workers.Length; i++)
        {
            if (_workers[(worker.Index + i) % _workers.Length].Queue.TryDequeue(out item))
            {
                worker.CountStolen();
                return true;
            }
        }

        return false;
    }

    internal void Announce(Worker worker)
    {
        lock (_gate)
        {
            _idle.Add(worker);
            Volatile.Write(ref _idleCount, _idle.Count); // SYNC: worker-idle (store)
        }
    }

    /// <summary>Takes the worker off the idle ones, where it still is when nobody woke it for an item.</summary>
    internal void Withdraw(Worker worker, bool wasSettled)
    {
        lock (_gate)
        {
            _idle.Remove(worker);
            _settled -= wasSettled ? 1 : 0;
            Volatile.Write(ref _idleCount, _idle.Count);
        }
    }

    /// <summary>
    /// A settled worker holds no item and has seen none since it announced itself. When all have settled, nothing is
    /// queued and the crew is closing, it ends; returns whether it has.
    /// </summary>
    internal bool SettleOrEnd()
    {
        lock (_gate)
        {
            _settled++;
            if (_isEnded || !_isClosing || _settled != _workers.Length || AnyQueued())
            {
                return _isEnded;
            }

            Volatile.Write(ref _isEnded, true); // SYNC: worker-end (store)
        }

        Interlocked.MemoryBarrier();
        SignalAll();
        RunLeftoversElsewhere();
        return true;
    }

    /// <summary>
    /// The wake for one item may have gone to a worker that then took another: whoever stops being idle looks
    /// whether something is left for the next one.
    /// </summary>
    internal void PassWakeOn()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _idleCount) != 0 && AnyQueued()) // SYNC: worker-item (load)
        {
            WakeOne();
        }
    }

    private void WakeOne()
    {
        Worker woken;
        lock (_gate)
        {
            if (_idle.Count == 0)
            {
                return;
            }

            woken = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            Volatile.Write(ref _idleCount, _idle.Count);
        }

        woken.Signal();
    }

    private void SignalAll() => Array.ForEach(_workers, worker => worker.Signal());

    private bool AnyQueued()
    {
        foreach (var worker in _workers)
        {
            if (!worker.Queue.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An item that was queued while the last worker left is not lost.</summary>
    private void RunLeftoversElsewhere()
    {
        if (AnyQueued()) // SYNC: worker-item (load)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static crew => crew.RunLeftovers(), this, preferLocal: false);
        }
    }

    private void RunLeftovers()
    {
        foreach (var worker in _workers)
        {
            while (worker.Queue.TryDequeue(out var item))
            {
                _pool.Execute(item);
            }
        }
    }
}
