#pragma warning disable RS0030 // counters of one writer, read for diagnostics
using System.Collections.Concurrent;

namespace Psyne.Flow.Waiting;

/// <summary>One thread of a <see cref="WorkerPool"/>, with the queue that the others steal from.</summary>
internal sealed class Worker
{
    [ThreadStatic]
    private static Worker? t_current;

    private readonly WorkerPool _pool;
    private readonly Thread _thread;
    private readonly object _signalGate = new();
    private bool _signalled; // owned by _signalGate
    private long _executed;
    private long _stolen;

    internal Worker(WorkerPool pool, WorkerCrew crew, int index)
    {
        _pool = pool;
        Crew = crew;
        Index = index;
        _thread = new Thread(Run) { IsBackground = true, Name = $"{pool.Name}/{index}" };
    }

    /// <summary>Gets the worker that the current thread is, if it is one.</summary>
    internal static Worker? Current => t_current;

    internal WorkerCrew Crew { get; }

    internal int Index { get; }

    internal ConcurrentQueue<object> Queue { get; } = new();

    internal long Executed => Volatile.Read(ref _executed);

    internal long Stolen => Volatile.Read(ref _stolen);

    internal bool IsSignalled
    {
        get
        {
            lock (_signalGate)
            {
                return _signalled;
            }
        }
    }

    internal void Start() => _thread.UnsafeStart();

    internal void CountStolen() => Volatile.Write(ref _stolen, _stolen + 1);

    /// <summary>Ends this worker's sleep, or its next one. A signal too many only costs a look around.</summary>
    internal void Signal()
    {
        lock (_signalGate)
        {
            _signalled = true;
            Monitor.Pulse(_signalGate);
        }
    }

    internal void WaitForSignal()
    {
        lock (_signalGate)
        {
            while (!_signalled)
            {
                Monitor.Wait(_signalGate);
            }

            _signalled = false;
        }
    }

    private void Run()
    {
        t_current = this;
        _pool.OnWorkerStarted(Index);
        var clean = ExecutionContext.Capture();
        while (Crew.TryFind(this, out var item) || Crew.TryWaitForItem(this, out item))
        {
            Volatile.Write(ref _executed, _executed + 1);
            _pool.Execute(item);

            // What an item left in its async locals is not the next item's business.
            if (clean is not null && !ReferenceEquals(ExecutionContext.Capture(), clean))
            {
                ExecutionContext.Restore(clean);
            }
        }

        _pool.OnWorkerEnded();
    }
}
