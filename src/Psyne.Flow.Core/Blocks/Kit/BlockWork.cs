using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>
/// Work of a block that runs when it is asked for, never twice at once, on the block's scheduler: on the thread pool
/// without allocating, elsewhere as a task that denies children.
/// </summary>
/// <remarks>Thread-safe. A request during a run has it run once more.</remarks>
internal sealed class BlockWork(BlockSettings settings, Action run, Action<Exception> failed) : IThreadPoolWorkItem
{
    private int _state;
    private volatile bool _refused;

    /// <summary>Whether nothing runs and nothing was asked for.</summary>
    internal bool IsIdle => HardwareAtomics.LoadAcquire(ref _state) == WorkState<HardwareAtomics>.Idle;

    internal void Request()
    {
        if (WorkState<HardwareAtomics>.Request(ref _state))
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
            HardwareAtomics.StoreRelease(ref _state, WorkState<HardwareAtomics>.Idle);
            failed(refused);
        }
    }

    /// <summary>Runs once, and then again while it was asked for; in between it goes to the end of the scheduler's queue.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        WorkState<HardwareAtomics>.Begin(ref _state);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            run();
        }
        catch (Exception fault) // what a delegate, a target or a source threw
        {
            failed(fault);
        }
        settings.AddAllocated(GC.GetAllocatedBytesForCurrentThread() - allocated);
        if (!WorkState<HardwareAtomics>.End(ref _state))
            Queue();
    }
}
