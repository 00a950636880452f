using System.Diagnostics;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Tests.Contracts;

/// <summary>Ends a test that would wait for ever; nothing is timed by it.</summary>
internal static class Hang
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs on a thread of its own.</summary>
    internal static Task<T> Start<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc cref="Start{T}(Func{T})"/>
    internal static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static Task<T> Guard<T>(this Task<T> task) => task.WaitAsync(Limit);

    internal static Task Guard(this Task task) => task.WaitAsync(Limit);

    internal static Task<T> Guard<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    internal static void Until(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Thread.Yield();
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "The test hangs.");
        }
    }

    /// <summary>Until somebody waits behind the gate.</summary>
    internal static void UntilWaiting(WaitHub hub) => Until(() => hub.Gate.HasWaiters);
}
