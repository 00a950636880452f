namespace Psyne.Flow.Reactive;

/// <summary>An operator's subscription: it holds leases, and disposes them when it ends.</summary>
/// <remarks>
/// <c>Gate</c> guards what is held, and is held while the observer is called: messages, time and the end come one at a
/// time. Dispose never waits for it; who holds it then cleans up.
/// </remarks>
internal abstract class LeaseSink<T, TOut>(IObserver<TOut> observer) : IObserver<Lease<T>>, IDisposable where T : unmanaged
{
    private int _disposed;
    private bool _ended;

    private protected Lock Gate { get; } = new();

    private protected IObserver<TOut> Observer { get; } = observer;

    private bool HasEnded => _ended || Volatile.Read(ref _disposed) != 0;

    public void OnNext(Lease<T> value)
    {
        lock (Gate)
        {
            if (HasEnded)
                value.Dispose();
            else
                Take(value);
        }
        CleanUpIfDisposed();
    }

    public void OnError(Exception error)
    {
        lock (Gate)
        {
            if (HasEnded)
                return;
            _ended = true;
            try
            {
                Fail(error);
            }
            finally
            {
                Drop();
            }
        }
    }

    public void OnCompleted()
    {
        lock (Gate)
        {
            if (HasEnded)
                return;
            Flush();
            _ended = true;
            Observer.OnCompleted();
        }
        CleanUpIfDisposed();
    }

    public virtual void Dispose()
    {
        Interlocked.Exchange(ref _disposed, 1);
        CleanUpIfDisposed();
    }

    /// <summary>Flushes because the time has come, if <paramref name="due"/> still says so.</summary>
    private protected void FlushWhen(Func<bool> due)
    {
        lock (Gate)
            if (!HasEnded && due())
                Flush();
        CleanUpIfDisposed();
    }

    private void CleanUpIfDisposed()
    {
        // The gate was left before this look; Dispose looks at the gate after it has said so. One of the two cleans up.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _disposed) == 0 || !Gate.TryEnter())
            return;
        try
        {
            Drop();
        }
        finally
        {
            Gate.Exit();
        }
    }

    /// <summary>A lease came; it is the sink's now.</summary>
    private protected abstract void Take(Lease<T> lease);

    /// <summary>Hands on what is held.</summary>
    private protected abstract void Flush();

    /// <summary>Disposes what is held.</summary>
    private protected abstract void Drop();

    private protected virtual void Fail(Exception error) => Observer.OnError(error);
}
