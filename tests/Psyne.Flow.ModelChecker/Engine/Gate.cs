namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Where an OS thread waits for the baton. It looks a few times before it sleeps: most hand-overs come back within
/// microseconds, and a futex sleep and wake costs several.
/// </summary>
internal sealed class Gate
{
    private static readonly int Spins = Environment.ProcessorCount > 1 ? 50 : 0;

    private readonly object _monitor = new();
    private volatile bool _open;

    public void Open()
    {
        lock (_monitor)
        {
            _open = true;
            Monitor.Pulse(_monitor);
        }
    }

    /// <summary>Returns false, still closed, after the timeout (-1: none).</summary>
    public bool Wait(int timeoutMilliseconds = -1)
    {
        for (var i = 0; i < Spins && !_open; i++)
        {
            Thread.SpinWait(8);
        }

        lock (_monitor)
        {
            while (!_open)
            {
                if (!Monitor.Wait(_monitor, timeoutMilliseconds))
                {
                    return false;
                }
            }

            _open = false;
            return true;
        }
    }
}
