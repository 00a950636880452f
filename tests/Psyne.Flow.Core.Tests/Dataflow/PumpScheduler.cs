using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>
/// Tasks wait until a test runs them, on its own thread. A block that works here and nowhere else (rule C44) is quiet when
/// the pump is empty, so that "nothing happens" can be decided without waiting.
/// </summary>
public sealed class PumpScheduler : TaskScheduler
{
    private const int TooMany = 100_000;

    private readonly Queue<Task> _tasks = [];
    private readonly List<TaskCreationOptions> _options = [];
    private TaskCompletionSource _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How every task so far was made.</summary>
    public IReadOnlyList<TaskCreationOptions> Options
    {
        get
        {
            lock (_tasks)
                return [.. _options];
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_tasks)
                return _tasks.Count == 0;
        }
    }

    public bool RunOne()
    {
        Task? task;
        lock (_tasks)
        {
            if (!_tasks.TryDequeue(out task))
                return false;
            if (_tasks.Count == 0)
                _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        TryExecuteTask(task);
        return true;
    }

    /// <summary>Runs until there is nothing left, and gives how many tasks that were.</summary>
    public int Run()
    {
        int count = 0;
        while (RunOne())
            Assert.True(++count < TooMany, "The block starts tasks for ever.");
        return count;
    }

    /// <summary>Runs what comes until the task has ended, and lets <paramref name="step"/> (true where it got on) work in between.</summary>
    public async Task RunUntil(Task task, Func<bool>? step = null)
    {
        while (!task.IsCompleted)
        {
            Task queued = NextQueued();
            bool progress = Run() > 0;
            progress |= step is not null && step();
            if (!progress)
                await Task.WhenAny(task, queued).Guard();
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            _tasks.Enqueue(task);
            _options.Add(task.CreationOptions);
            _queued.TrySetResult();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
            return [.. _tasks];
    }

    private Task NextQueued()
    {
        lock (_tasks)
            return _queued.Task;
    }
}
