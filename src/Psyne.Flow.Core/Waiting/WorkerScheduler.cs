namespace Psyne.Flow.Waiting;

/// <summary>The pool as tasks see it. A task is a work item like any other; its exceptions stay in the task.</summary>
internal sealed class WorkerScheduler(WorkerPool pool, WorkerCrew crew) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => pool.Workers;

    internal bool Execute(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => crew.Enqueue(task);

    /// <summary>
    /// Inline on the pool's own threads only. A task that was queued is executed in place as well: its entry stays in
    /// the queue, and finds the task executed already.
    /// </summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        crew.IsCurrent && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => crew.QueuedTasks();
}
