using System.Diagnostics;
using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>The read end of a channel, whatever its messages are.</summary>
/// <remarks>
/// On a channel with one consumer, and on each end of a broadcast, one thread at a time uses the end and disposes its
/// leases; where consumers compete, any number of threads may share it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class SlabReader : IDisposable, IWaitTarget
{
    private int _disposed;
    private TrafficGauge _traffic; // a hint, shared by whoever shares the end

    private protected SlabReader(ChannelCore channel)
    {
        Channel = channel;
        Core = channel.OpenReader();
    }

    internal ChannelCore Channel { get; }

    internal IReaderCore Core { get; }

    /// <summary>
    /// Completes when the channel was completed and every message was taken; faults with what
    /// <see cref="SlabWriter.Complete"/> was given; is cancelled when the channel was disposed before that.
    /// </summary>
    public Task Completion => Channel.Completion;

    /// <summary>Messages that wait for this end.</summary>
    public long Count => Math.Max(0, Channel.Published - Core.Taken);

    /// <summary>Messages that this end of a broadcast lost by being slow (<see cref="FullMode.DropOldest"/>).</summary>
    public long Lagged => Core.Lagged;

    /// <summary>From now on every call takes the path that looks whether the end was disposed.</summary>
    private protected virtual void LeaveFastPath() { }

    private protected bool IsEndDisposed => _disposed != 0;

    bool IWaitTarget.IsReady => Core.HasMessage || IsDrained;

    bool IWaitTarget.Result()
    {
        // A message that was there may have gone to another consumer: that is no end.
        if (!IsDrained)
            return true;
        if (Channel.Fault is { } fault)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        return false;
    }

    /// <summary>This end is disposed; or: closed, no claim open, nothing left: in this order, so that a message published before the close is seen.</summary>
    private protected bool IsDrained => _disposed != 0
        || (Channel.HasNoClaims && (Channel.IsDisposed || !Core.HasMessage));

    /// <summary>Whether no message is there, and none will come.</summary>
    internal bool IsFinished => IsDrained;

    /// <summary>Waits for a message on this thread.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when a take may succeed; false on timeout, or when the channel is closed and empty.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public bool WaitToTake(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Channel.Items.Wait(this, Channel.Idle, Waits.Milliseconds(timeout), cancellationToken) && ((IWaitTarget)this).Result();

    /// <summary>Waits for a message without holding a thread. Allocates nothing in steady state.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when a take may succeed; false when the channel is closed and empty.</returns>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public ValueTask<bool> WaitToTakeAsync(CancellationToken cancellationToken = default) =>
        Channel.Items.WaitAsync(this, cancellationToken);

    /// <summary>Gives up this end. Leases that are held stay valid. Another consumer may then open one.</summary>
    public void Dispose()
    {
        if (!Waits.Once(ref _disposed))
            return;
        LeaveFastPath();
        Channel.CloseReader(Core);
        Channel.Items.Wake();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Reader of {Channel}";

    /// <summary>After a look that found nothing; see <see cref="SequentialRingReader{T}.CatchUp"/>.</summary>
    private protected bool CatchUp()
    {
        if (Channel.IsClosed)
            Channel.TryFinish();
        return Channel.Pauses && _traffic.Pause(Core.Taken) && Core.HasMessage;
    }

    private protected bool TryTakeSlot(out LeaseOwner owner, out long lease)
    {
        do
        {
            if (Core.TryTake(out owner, out lease, out var position))
            {
                Channel.Sampler?.OnTaken(position);
                if (Channel.Tracker is { } tracker)
                {
                    lease = tracker.Track(owner, lease);
                    owner = tracker;
                }
                return true;
            }
        }
        while (CatchUp());
        return false;
    }

    private protected TakeStatus TakeWithin(int milliseconds, out LeaseOwner owner, out long lease, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTakeSlot(out owner, out lease))
                return TakeStatus.Taken;
            if (IsDrained)
            {
                _ = ((IWaitTarget)this).Result();
                return TakeStatus.Closed;
            }
            var left = milliseconds < 0 ? -1 : (int)Math.Max(0, milliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (!Channel.Items.Wait(this, Channel.Idle, left, cancellationToken))
                return TakeStatus.Empty;
        }
    }
}
