#pragma warning disable RS0030 // counters: each counts for itself
using System.Diagnostics;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>
/// Named threads of their own, each with a queue that the others steal from when they have nothing to do: for handlers
/// that should not wait behind the work of the shared thread pool, optionally bound to cores.
/// </summary>
/// <remarks>
/// <para>Items run in no promised order, each exactly once. An idle worker sleeps without polling. An item that
/// another waits for inside this pool may starve when every worker waits so: have more workers than such waits.</para>
/// <para>Thread-safe. The threads are background threads, and live until the pool is disposed.</para>
/// </remarks>
/// <example><code>
/// await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "decode", Workers = 2, Cores = [0, 1] });
/// pool.Queue(workItem);                                                  // an IThreadPoolWorkItem: no allocation
/// await Task.Factory.StartNew(Decode, default, default, pool.Scheduler); // a task
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class WorkerPool : IAsyncDisposable
{
    private readonly WorkerPoolOptions _options;
    private readonly WorkerCrew _crew;
    private readonly WorkerScheduler _scheduler;
    private readonly CountdownEvent _starting;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _bound;
    private long _failed;

    /// <summary>Starts the threads, and waits until they run.</summary>
    /// <param name="options">Name, size and cores; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public WorkerPool(WorkerPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        _running = _options.Workers;
        _starting = new CountdownEvent(_running);
        _crew = new WorkerCrew(this, _running);
        _scheduler = new WorkerScheduler(this, _crew);
        _crew.Start();
        _starting.Wait(); // not disposed: the last worker may still be inside Signal
    }

    /// <summary>Raised on the worker's thread when an item throws; <see cref="ItemsFailed"/> counts these with or without
    /// handlers. What a handler throws is dropped. Tasks keep their exceptions themselves.</summary>
    public event EventHandler<WorkItemFailedEventArgs>? WorkItemFailed;

    /// <summary>Gets the name that the threads' names begin with.</summary>
    public string Name => _options.Name;

    /// <summary>Gets the number of threads.</summary>
    public int Workers => _crew.Workers.Length;

    /// <summary>Gets a scheduler that runs tasks on this pool. A task is executed inline only on the pool's own threads.</summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>Gets whether cores were asked for and every worker is bound to its own: false elsewhere than on Linux,
    /// and when a core does not exist or is not this process's.</summary>
    public bool AffinityApplied => _options.Cores.Count > 0 && Volatile.Read(ref _bound) == Workers;

    /// <summary>Gets how many items were begun, tasks among them. A task that was executed inline leaves an entry that counts, too.</summary>
    public long ItemsExecuted => Sum(static worker => worker.Executed);

    /// <summary>Gets how many items were taken from another worker's queue.</summary>
    public long ItemsStolen => Sum(static worker => worker.Stolen);

    /// <summary>Gets how many items threw.</summary>
    public long ItemsFailed => Volatile.Read(ref _failed);

    /// <summary>Gets about how many items wait.</summary>
    public long ItemsQueued => Sum(static worker => worker.Queue.Count);

    /// <summary>
    /// Queues an item; from a worker of this pool into its own queue, from elsewhere in turn. Never waits; allocates
    /// nothing once the queues are as long as they get. No execution context flows to the item.
    /// </summary>
    /// <param name="item">The item; the same one may be queued again while it waits, and runs as often.</param>
    /// <exception cref="ArgumentNullException"><paramref name="item"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed. Its own items may still queue others.</exception>
    public void Queue(IThreadPoolWorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _crew.Enqueue(item);
    }

    /// <summary>
    /// Refuses new items, runs all that are queued and what these queue, and ends the threads. An item that another
    /// thread queues at the very same time runs as well, maybe on the shared thread pool. Further calls return the
    /// same task. Don't block on it inside an item.
    /// </summary>
    /// <returns>Completes when the last thread has ended.</returns>
    public ValueTask DisposeAsync()
    {
        _crew.Close();
        return new ValueTask(_ended.Task);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"WorkerPool {Name} ({Workers} workers, {_crew.IdleCount} idle, {ItemsQueued} queued, {ItemsExecuted} executed, {ItemsStolen} stolen, {ItemsFailed} failed)";

    internal void Execute(object item)
    {
        try
        {
            if (item is Task task)
            {
                _scheduler.Execute(task);
            }
            else
            {
                ((IThreadPoolWorkItem)item).Execute();
            }
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref _failed);
            Report(item, exception);
        }
    }

    internal void OnWorkerStarted(int index)
    {
        var cores = _options.Cores;
        if (cores.Count > 0 && CoreAffinity.TryBind(cores[index % cores.Count]))
        {
            Interlocked.Increment(ref _bound);
        }

        _starting.Signal();
    }

    internal void OnWorkerEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    private long Sum(Func<Worker, long> count)
    {
        long sum = 0;
        foreach (var worker in _crew.Workers)
        {
            sum += count(worker);
        }

        return sum;
    }

    private void Report(object item, Exception exception)
    {
        try
        {
            WorkItemFailed?.Invoke(this, new WorkItemFailedEventArgs(item, exception));
        }
        catch (Exception)
        {
            // The handler's own failure must not end the worker.
        }
    }
}
