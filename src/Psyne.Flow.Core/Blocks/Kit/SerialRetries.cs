namespace Psyne.Flow.Blocks;

/// <summary>
/// How often the message was tried that a worker is at, and whether it waits to try again. Nobody's thread waits: the
/// worker leaves the message at the head of its queue, and is woken.
/// </summary>
/// <remarks>Used by the worker; the timer only clears the wait and asks for the work.</remarks>
internal sealed class SerialRetries<T>(ErrorHandler<T> errors, Action wake) where T : unmanaged
{
    private volatile bool _waits;
    private Timer? _timer;
    private int _index = -1;
    private int _failures;

    /// <summary>Whether the message at the head of the queue waits to be tried again.</summary>
    internal bool IsWaiting => _waits;

    /// <summary>The delegate threw for the message at this place of the batch.</summary>
    internal RetryAnswer After(int index)
    {
        if (index != _index)
            (_index, _failures) = (index, 0);
        if (!errors.Retries(ref _failures, out var delay))
        {
            _index = -1;
            return RetryAnswer.GiveUp;
        }
        if (delay == TimeSpan.Zero)
            return RetryAnswer.Again;
        _waits = true;
        _timer ??= new Timer(static retries => ((SerialRetries<T>)retries!).Elapse(), this, Timeout.Infinite, Timeout.Infinite);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
        return RetryAnswer.Later;
    }

    private void Elapse()
    {
        _waits = false;
        wake();
    }

    /// <summary>So many messages of the batch are done with.</summary>
    internal void EndBatch(int handled) => _index = _index >= handled ? _index - handled : -1;

    /// <summary>At the block's end.</summary>
    internal void End() => _timer?.Dispose();
}
