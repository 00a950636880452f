namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>How a thread of its own waits for an asynchronous queue.</summary>
internal static class Waiting
{
    /// <summary>Returns at once where there is nothing to wait for; else blocks the thread (which spins a little first, as Task.Wait does).</summary>
    public static T Block<T>(ValueTask<T> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return task.Result;
        }

#pragma warning disable CA1849, VSTHRD002 // a producer or consumer thread has nothing else to do
        return task.AsTask().GetAwaiter().GetResult();
#pragma warning restore CA1849, VSTHRD002
    }
}
