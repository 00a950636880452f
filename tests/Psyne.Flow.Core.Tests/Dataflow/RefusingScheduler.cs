namespace Psyne.Flow.Tests.Dataflow;

/// <summary>Takes no task.</summary>
public sealed class RefusingScheduler : TaskScheduler
{
    public const string Refusal = "No tasks here.";

    protected override void QueueTask(Task task) => throw new InvalidOperationException(Refusal);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
