using System.Runtime.CompilerServices;

namespace Psyne.Flow.Blocks;

/// <summary>One message in a delegate's hands: started, perhaps awaited, perhaps tried again, finished. Used again for others.</summary>
internal sealed class HandlerRun<T> where T : unmanaged
{
    private readonly ParallelCore<T> _core;
    private readonly Action _resume;
    private Timer? _retryTimer;
    private Lease<T> _message;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _pending;
    private int _failures;

    internal HandlerRun(ParallelCore<T> core)
    {
        _core = core;
        _resume = Resume;
    }

    internal HandlerRun<T>? Next { get; set; }

    internal long Position { get; private set; }

    internal long Slot { get; private set; }

    internal void Begin(Lease<T> message, long slot, long position)
    {
        _message = message;
        Slot = slot;
        Position = position;
        _failures = 0;
        Next = null;
    }

    /// <summary>Calls the delegate. Returns when it has returned, which for an asynchronous one may be before it is done.</summary>
    internal void Start()
    {
        while (true)
        {
            try
            {
#pragma warning disable CA2012 // asked for its result once, here or in Resume
                _pending = _core.Handle(_message, Slot).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                if (!_pending.IsCompleted)
                {
                    _pending.UnsafeOnCompleted(_resume);
                    return;
                }
                _pending.GetResult();
                Succeed();
                return;
            }
            catch (Exception fault) // the delegate's
            {
                if (!_core.Errors.Retries(ref _failures, out var delay))
                    GiveUp(fault);
                else if (delay == TimeSpan.Zero)
                    continue;
                else
                    RetryAfter(delay);
                return;
            }
        }
    }

    private void RetryAfter(TimeSpan delay)
    {
        _retryTimer ??= new Timer(static run => ((HandlerRun<T>)run!).OnRetryDue(), this, Timeout.Infinite, Timeout.Infinite);
        _core.AddRetry(this);
        _retryTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void OnRetryDue() => _core.StartAgain(this);

    /// <summary>The message is dropped while it waits to be tried again: the block drops all it has.</summary>
    internal void Abandon()
    {
        _retryTimer?.Change(Timeout.Infinite, Timeout.Infinite);
        if (_message.IsHeld)
            _message.Dispose();
        _core.Finish(this, hasResult: false);
    }

    private void Resume()
    {
        try
        {
            _pending.GetResult();
            Succeed();
        }
        catch (Exception fault) // the delegate's
        {
            if (_core.Errors.Retries(ref _failures, out var delay))
            {
                RetryAfter(delay); // on the block's scheduler, where this may not be
                return;
            }
            GiveUp(fault);
        }
        _core.GoOn();
    }

    private void Succeed()
    {
        var message = _message;
        if (message.IsHeld) // a delegate may have passed it on, or ended it
            message.Dispose();
        _core.Finish(this, hasResult: true);
    }

    private void GiveUp(Exception fault)
    {
        var message = _message;
        var passed = false;
        if (!_core.Errors.Survives(fault, () => { passed = true; return message; }))
            _core.Fail(fault);
        if (!passed && message.IsHeld)
            message.Dispose();
        _core.Finish(this, hasResult: false);
    }
}
