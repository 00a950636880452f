#pragma warning disable RS0030 // whether work was asked for; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Work of a block that runs when it is asked for, never twice at once, on the block's scheduler: on the thread pool
/// without allocating, elsewhere as a task that denies children.
/// </summary>
/// <remarks>Thread-safe. A request during a run has it run once more.</remarks>
internal sealed class BlockWork(BlockSettings settings, Action run, Action<Exception> failed) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Asked = 2;

    private int _state;
    private volatile bool _refused;

    /// <summary>Whether nothing runs and nothing was asked for.</summary>
    internal bool IsIdle => Volatile.Read(ref _state) == Idle;

    internal void Request()
    {
        // Where it is asked for already, the run to come sees what this one is for: the state was read by a full fence.
        if (Interlocked.Exchange(ref _state, Asked) == Idle)
            Queue();
    }

    private void Queue()
    {
        if (settings.Scheduler == TaskScheduler.Default || _refused)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }
        try
        {
            _ = Task.Factory.StartNew(static work => ((IThreadPoolWorkItem)work!).Execute(), this, CancellationToken.None,
                TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness, settings.Scheduler);
        }
        catch (Exception refused) // a scheduler may throw what it likes (C43)
        {
            _refused = true; // the end of the block is seen to elsewhere
            Volatile.Write(ref _state, Idle);
            failed(refused);
        }
    }

    /// <summary>Runs once, and then again while it was asked for; in between it goes to the end of the scheduler's queue.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _state, Running);
        try
        {
            run();
        }
        catch (Exception fault) // what a delegate, a target or a source threw
        {
            failed(fault);
        }
        if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running)
            Queue();
    }
}
