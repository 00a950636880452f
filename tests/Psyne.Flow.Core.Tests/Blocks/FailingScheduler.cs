namespace Psyne.Flow.Tests.Blocks;

/// <summary>Takes so many tasks, which it runs on the thread pool, and refuses every one after them.</summary>
public sealed class FailingScheduler(int tasks) : TaskScheduler
{
    public const string Refusal = "No more tasks here.";

    private int _left = tasks;

    protected override void QueueTask(Task task)
    {
        if (Interlocked.Decrement(ref _left) < 0)
            throw new InvalidOperationException(Refusal);
        ThreadPool.UnsafeQueueUserWorkItem(_ => TryExecuteTask(task), null);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
