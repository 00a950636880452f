namespace Psyne.Flow;

/// <summary>A handler that is called for each message of a channel, until the channel ends, the handler throws, or it is disposed.</summary>
/// <remarks>Thread-safe. One message is handled at a time.</remarks>
public sealed class ChannelListener : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Listener _listener;
    private readonly ListenerOptions _options;

    private ChannelListener(Listener listener, ListenerOptions options)
    {
        _listener = listener;
        _options = options;
    }

    /// <summary>
    /// Completes when the channel ended and every message was handled, or the listener was disposed; faults with what the
    /// handler threw (the message it threw on was given back, later ones stay in the channel) or with the channel's fault.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    internal static ChannelListener Start(Listener handler, ListenerOptions options)
    {
        var listener = new ChannelListener(handler, options);
        listener.Completion = options.Scheduler is { } scheduler
            ? Task.Factory.StartNew(listener.RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap()
            : Task.Factory.StartNew(listener.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return listener;
    }

    private void Run()
    {
        try
        {
            while (_listener.Reader.WaitToTake(Timeout.InfiniteTimeSpan, _stop.Token))
                while (!_stop.IsCancellationRequested && _listener.HandleOne()) { }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: a good end.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            // Continuations stay on the scheduler that the listener was started on.
            while (await _listener.Reader.WaitToTakeAsync(_stop.Token).ConfigureAwait(true))
            {
                var handled = 0;
                while (!_stop.IsCancellationRequested && _listener.HandleOne())
                {
                    if (++handled % _options.MaxMessagesPerTurn == 0)
                        await Task.Yield();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: a good end.
        }
    }

    /// <summary>Stops listening after the message that is being handled. Doesn't wait for it.</summary>
    public void Dispose() => _stop.Cancel();

    /// <summary>Stops listening and waits for the message that is being handled. Doesn't throw what the handler threw.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The source has no timer and no wait handle: nothing to dispose, and a second Dispose is welcome.
    }
}
