namespace Psyne.Flow.Peers.Running;

/// <summary>
/// Threads that pin themselves, wait for each other and start together. They live for one round: the threads of one
/// subject are no business of the next, and their pinning ends with them.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private const int StackBytes = 256 << 10;

    private readonly Thread[] threads;
    private readonly CountdownEvent ready;
    private readonly ManualResetEventSlim go = new();
    private readonly ManualResetEventSlim finished = new();
    private int running;
    private bool joined;
    private volatile Exception? failure;

    public ThreadTeam(int size, Action<int> work)
    {
        ready = new CountdownEvent(size);
        running = size;
        threads = new Thread[size];
        for (var i = 0; i < size; i++)
        {
            var index = i;
            threads[i] = new Thread(() => Live(index, work), StackBytes) { IsBackground = true, Name = $"peers-{index}" };
            threads[i].Start();
        }

        ready.Wait();
    }

    /// <summary>Lets them go and waits for the last. Returns what went wrong, or null.</summary>
    public string? Run(TimeSpan patience)
    {
        go.Set();
        var inTime = finished.Wait(patience);
        if (failure is { } exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }

        if (!inTime)
        {
            return $"not finished after {patience.TotalSeconds} s";
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        joined = true;
        return null;
    }

    public void Dispose()
    {
        // After a failure some threads may wait for messages that never come: they keep what they wait on.
        if (joined)
        {
            ready.Dispose();
            go.Dispose();
            finished.Dispose();
        }
    }

    private void Live(int index, Action<int> work)
    {
        Affinity.PinCurrentThread(index);
        ready.Signal();
        go.Wait();
        try
        {
            work(index);
        }
#pragma warning disable CA1031 // whatever a subject throws is the round's failure, told by the runner
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
            finished.Set();
        }

        if (Interlocked.Decrement(ref running) == 0)
        {
            finished.Set();
        }
    }
}
