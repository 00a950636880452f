using System.Diagnostics;

namespace Psyne.Flow.Reactive.Tests;

/// <summary>Ends a test that would wait for ever; nothing is timed by it.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal static void Until(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Thread.Yield();
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "The test hangs.");
        }
    }

    internal static Task Guard(this Task task) => task.WaitAsync(Limit);

    internal static Task<T> Guard<T>(this Task<T> task) => task.WaitAsync(Limit);
}
