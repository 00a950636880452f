using System.Threading.Tasks.Sources;

namespace Psyne.Flow.Waiting;

/// <summary>One asynchronous wait; pooled, so that waiting allocates nothing. Continuations run on the thread pool, never on the signaller's thread.</summary>
internal sealed class AsyncWaiter(WaitHub hub) : WaitNode, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private IWaitTarget? _target;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    internal ValueTask<bool> Task => new(this, _core.Version);

    internal void Start(IWaitTarget target, CancellationToken cancellationToken)
    {
        _target = target;
        _token = cancellationToken;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static waiter => ((AsyncWaiter)waiter!).OnCanceled(), this);
    }

    internal override void Signal() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private void OnCanceled()
    {
        // Before it was listed there is nothing to take off; Execute or the next signal then finds the token cancelled.
        if (hub.TryRemove(this))
            Signal();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var target = _target!;
        try
        {
            while (!target.IsReady)
            {
                _token.ThrowIfCancellationRequested();
                // Signalled, and somebody else was quicker: wait on. Who signals or cancels from here on takes it off the list.
                hub.Add(this);
                if ((!target.IsReady && !_token.IsCancellationRequested) || !hub.TryRemove(this))
                    return;
            }
            _core.SetResult(target.Result());
        }
        catch (Exception fault) // handed to whoever awaits
        {
            _core.SetException(fault);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Makes it ready for another wait.</summary>
    internal void Return()
    {
        _registration.Dispose(); // waits for a callback that is running, which holds no lock that this thread could have
        _registration = default;
        _target = null;
        _token = default;
        _core.Reset();
        hub.Return(this);
    }
}
