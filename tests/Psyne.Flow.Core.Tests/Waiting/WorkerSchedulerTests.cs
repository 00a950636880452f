using Xunit;

namespace Psyne.Flow.Tests.Waiting;

public sealed class WorkerSchedulerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<T> Start<T>(WorkerPool pool, Func<T> function) =>
        Task.Factory.StartNew(function, Token, TaskCreationOptions.None, pool.Scheduler);

    [Fact]
    public async Task StartNew_RunsOnThePoolAndKeepsExceptionsInTheTask()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "tasks", Workers = 2 });
        Assert.Equal(2, pool.Scheduler.MaximumConcurrencyLevel);
        Assert.StartsWith("tasks/", await Start(pool, () => Thread.CurrentThread.Name!), StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => Start<int>(pool, () => throw new FormatException()));
        Assert.Equal(0, pool.ItemsFailed);
    }

    [Fact]
    public async Task Await_InsideATask_ContinuesOnThePool()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "tasks", Workers = 1 });
        var name = await Start(pool, async () =>
        {
            await Task.Delay(1, Token);
            return Thread.CurrentThread.Name;
        }).Unwrap();
        Assert.Equal("tasks/0", name);
    }

    [Fact]
    public async Task Wait_OnAChildFromItsOnlyWorker_ExecutesItInlineAndOnce()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        var runs = 0;
        var result = await Start(pool, () =>
        {
            var outer = Environment.CurrentManagedThreadId;
            var child = Start(pool, () =>
            {
                Interlocked.Increment(ref runs);
                return Environment.CurrentManagedThreadId;
            });
            Wait(child); // queued behind us: without inlining this would wait for ever
            return (outer, child.Result);
        });

        Assert.Equal(result.outer, result.Result);
        await Start(pool, () => 0); // the entry that was left in the queue has been passed
        Assert.Equal(1, runs);

        static void Wait(Task task) => task.Wait();
    }

    [Fact]
    public async Task RunSynchronously_FromElsewhere_RunsOnThePoolAllTheSame()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "tasks", Workers = 1 });
        string? name = null;
        var task = new Task(() => name = Thread.CurrentThread.Name);
        task.RunSynchronously(pool.Scheduler);
        Assert.Equal("tasks/0", name);
    }

    [Fact]
    public async Task RunSynchronously_FromAnotherPool_IsNotInlined()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "one", Workers = 1 });
        await using var other = new WorkerPool(new WorkerPoolOptions { Name = "other", Workers = 1 });
        string? name = null;
        await Start(other, () =>
        {
            new Task(() => name = Thread.CurrentThread.Name).RunSynchronously(pool.Scheduler);
            return 0;
        });
        Assert.Equal("one/0", name);
    }

    [Fact]
    public async Task StartNew_Disposed_FailsAtOnce()
    {
        var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        await pool.DisposeAsync();
        var error = Assert.Throws<TaskSchedulerException>(() => { _ = Start(pool, () => 0); });
        Assert.IsType<ObjectDisposedException>(error.InnerException);
    }

    [Fact]
    public async Task ParallelFor_OnThePool_VisitsEveryIndexOnce()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 3 });
        var visits = new int[10_000];
        Parallel.For(0, visits.Length, new ParallelOptions { TaskScheduler = pool.Scheduler, CancellationToken = Token }, i => Interlocked.Increment(ref visits[i]));
        Assert.All(visits, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task ScheduledTasks_WhatWaits_IsListedForDebuggers()
    {
        await using var pool = new WorkerPool(new WorkerPoolOptions { Workers = 1 });
        using var block = new ManualResetEventSlim();
        var first = Start(pool, () => block.Wait(TimeSpan.FromSeconds(30)));
        var second = Start(pool, () => 0);
        Assert.True(SpinWait.SpinUntil(() => pool.ItemsExecuted == 1, TimeSpan.FromSeconds(30)));
        var listed = (IEnumerable<Task>)typeof(TaskScheduler)
            .GetMethod("GetScheduledTasks", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .Invoke(pool.Scheduler, [])!;
        Assert.Equal([second], listed);
        block.Set();
        await first;
        await second;
    }
}
