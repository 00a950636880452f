using System.Diagnostics;
using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>The write end of a channel, whatever its messages are.</summary>
/// <remarks>
/// On a channel with one producer (<see cref="ChannelMode.Spsc"/>, <see cref="ChannelMode.Spmc"/>), or with lanes
/// (<see cref="SlabChannelOptions.Lanes"/>), one thread at a time uses the end; on the others any number of threads may
/// share it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class SlabWriter : IDisposable, IWaitTarget
{
    private int _disposed;

    private readonly ClaimTarget _staying;
    private readonly ClaimTarget _travelling;
    private TrafficGauge _traffic; // a hint, shared by whoever shares the end

    private protected SlabWriter(ChannelCore channel)
    {
        Channel = channel;
        Core = channel.OpenWriter();
        _staying = new ClaimTarget(this, travels: false);
        _travelling = new ClaimTarget(this, travels: true);
    }

    internal ChannelCore Channel { get; }

    internal WriterCore Core { get; }

    /// <summary>Whether the channel takes no more claims.</summary>
    public bool IsClosed => Channel.IsClosed;

    bool IWaitTarget.IsReady => IsReadyWithoutRoom || (ClaimsTravel ? Core.HasRoomFor(travels: true) : Core.HasRoom);

    bool IWaitTarget.Result() => !Channel.IsClosed && !IsEndDisposed;

    // Asking a lossy broadcast for room makes it, so the policy is asked first.
    private bool IsReadyWithoutRoom =>
        Channel.IsClosed || IsEndDisposed || Channel.Options.FullMode is FullMode.DropNewest or FullMode.DropOldest;

    /// <summary>Whether every claim of this end may be published by another thread.</summary>
    private protected virtual bool ClaimsTravel => false;

    /// <summary>What a claim waits for on its thread.</summary>
    internal IWaitTarget ToClaim(bool travels) => travels ? _travelling : _staying;

    internal bool IsEndDisposed => _disposed != 0;

    /// <summary>Waits for room on this thread.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when a claim may succeed; false on timeout or when the channel is closed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool WaitToClaim(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Core.Space.Wait(this, Channel.Idle, Waits.Milliseconds(timeout), cancellationToken) && ((IWaitTarget)this).Result();

    /// <summary>Waits for room without holding a thread. Allocates nothing in steady state.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when a claim may succeed; false when the channel is closed.</returns>
    public ValueTask<bool> WaitToClaimAsync(CancellationToken cancellationToken = default) =>
        Core.Space.WaitAsync(this, cancellationToken);

    /// <summary>
    /// Closes the channel for new claims; messages that were published can still be taken. Claims that are open may
    /// still be published. Doesn't block.
    /// </summary>
    /// <param name="fault">What consumers are to see once they have taken the rest; null for a good end.</param>
    /// <returns>False when the channel was closed before.</returns>
    public bool Complete(Exception? fault = null) => Channel.Complete(fault);

    /// <summary>
    /// Gives up this end, so that another producer may open one. The channel stays open. With lanes the next producer's
    /// messages come after those that this one left; while a claim of this end is open, its lane isn't free.
    /// </summary>
    public void Dispose()
    {
        if (!Waits.Once(ref _disposed))
            return;
        LeaveFastPath();
        Channel.CloseWriter(Core);
        Core.Space.Wake();
        GC.SuppressFinalize(this);
    }

    /// <summary>From now on every call takes the path that looks whether the end was disposed.</summary>
    private protected virtual void LeaveFastPath() { }

    /// <inheritdoc/>
    public override string ToString() => $"Writer of {Channel}";

    private protected SlotClaim ClaimOrThrow(bool travels, CancellationToken cancellationToken)
    {
        return ClaimWithin(-1, travels, out var claim, cancellationToken) switch
        {
            ClaimStatus.Claimed => claim,
            ClaimStatus.Closed => throw Channel.Closed("Claim"),
            _ => throw Full(),
        };
    }

    private protected ChannelFullException Full() =>
        new($"{(Channel.Layout.Lanes > 0 ? "A lane of " : "")}{Channel} is full: {Channel.Layout.Capacity} of {Channel.Layout.Capacity} slots are in use.");

    private protected ClaimStatus ClaimWithin(int milliseconds, bool travels, out SlotClaim claim, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var status = Core.TryClaim(travels, out claim);
        // A pause, so that the consumer frees some dozens of slots and not one.
        if (status == ClaimStatus.Full && Channel.Pauses && _traffic.Pause(Core.Published))
            status = Core.TryClaim(travels, out claim);
        return status == ClaimStatus.Full
            ? Channel.ClaimWhenFull(this, milliseconds, travels, out claim, cancellationToken)
            : status;
    }

    private protected ClaimStatus ClaimManyWithin(int most, int milliseconds, out BatchClaim claim, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (most < 1)
            throw new ArgumentOutOfRangeException(nameof(most), most, $"A batch of {most} messages was asked for; the least is 1.");
        while (true)
        {
            var status = Core.TryClaimMany(most, out claim);
            if (status == ClaimStatus.Full && Channel.Pauses && _traffic.Pause(Core.Published))
                status = Core.TryClaimMany(most, out claim);
            if (status != ClaimStatus.Full)
                return status;
            if (Channel.Options.FullMode != FullMode.Wait)
            {
                status = Channel.ClaimWhenFull(this, milliseconds, travels: false, out var single, cancellationToken);
                claim = status == ClaimStatus.Claimed ? single.Core.AsBatch(single) : default;
                return status;
            }
            if (!Core.Space.Wait(ToClaim(travels: false), Channel.Idle, milliseconds, cancellationToken))
                return ClaimStatus.Full;
            ObjectDisposedException.ThrowIf(IsEndDisposed && !Channel.IsClosed, this);
        }
    }

    /// <summary>One claim's wait, on the thread that claims: room, and a cell where producers of a ring build their messages.</summary>
    private sealed class ClaimTarget(SlabWriter writer, bool travels) : IWaitTarget
    {
        public bool IsReady => writer.IsReadyWithoutRoom || writer.Core.HasRoomFor(travels);

        public bool Result() => ((IWaitTarget)writer).Result();
    }
}
