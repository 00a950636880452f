using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Rings;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>Builds a message in its slot.</summary>
/// <param name="slot">The message under construction, on the slab.</param>
/// <param name="state">What it is built from.</param>
public delegate void SlotWriter<T, in TState>(ref T slot, TState state);

/// <summary>The write end of a channel of fixed-size messages.</summary>
/// <example><code>
/// using (var claim = channel.Writer.Claim())
/// {
///     claim.Value.Id = 7;
///     claim.Publish();
/// }
/// channel.Writer.Publish(7, static (ref Reading slot, int id) => slot.Id = id);
/// </code></example>
public sealed unsafe partial class SlabWriter<T> : SlabWriter where T : unmanaged
{
    private SpscRingWriter<T>? _ring;

    internal SlabWriter(ChannelCore channel) : base(channel) =>
        _ring = Core as SpscRingWriter<T>;

    private protected override void LeaveFastPath() => _ring = null;

    /// <summary>Claims the next slot, waiting for room as the channel's <see cref="FullMode"/> says. Allocates nothing.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/>.</exception>
    /// <exception cref="LeaseException">The channel has one producer, and its claim is still open.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Claim<T> Claim(CancellationToken cancellationToken = default)
    {
        if (_ring is { } ring)
        {
            var slot = ring.TryBegin(out var ticket);
            if (slot != null)
                return new Claim<T>(ring, (T*)(slot + RingSlots<T>.ValueOffset), ticket);
        }
        return ClaimSlow(cancellationToken);
    }

    /// <summary>All of the slow path in one call, so that nothing of the fast one has to survive a call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Claim<T> ClaimSlow(CancellationToken cancellationToken) =>
        !IsEndDisposed && Core.TryClaim(travels: false, out var claim) == ClaimStatus.Claimed
            ? new(claim)
            : new(ClaimOrThrow(travels: false, cancellationToken));

    /// <summary>Claims the next slot if there is room now. Doesn't block.</summary>
    /// <returns>False when the channel is full or closed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryClaim(out Claim<T> claim)
    {
        if (_ring is { } ring)
        {
            var slot = ring.TryBegin(out var ticket);
            if (slot != null)
            {
                claim = new Claim<T>(ring, (T*)(slot + RingSlots<T>.ValueOffset), ticket);
                return true;
            }
        }
        return TryClaim(TimeSpan.Zero, out claim) == ClaimStatus.Claimed;
    }

    /// <summary>Claims the next slot, waiting up to a timeout.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClaimStatus TryClaim(TimeSpan timeout, out Claim<T> claim, CancellationToken cancellationToken = default)
    {
        var status = ClaimWithin(Waits.Milliseconds(timeout), travels: false, out var slot, cancellationToken);
        claim = status == ClaimStatus.Claimed ? new Claim<T>(slot) : default;
        return status;
    }

    /// <summary>Claims a slot for a message that is built across awaits or on another thread, waiting as <see cref="Claim"/> does.</summary>
    /// <inheritdoc cref="Claim" path="/exception"/>
    public OwnedClaim<T> ClaimOwned(CancellationToken cancellationToken = default) =>
        new(ClaimOrThrow(travels: true, cancellationToken));

    /// <summary>As <see cref="TryClaim(out Claim{T})"/>, for a claim that may cross awaits and threads.</summary>
    /// <returns>False when the channel is full or closed, or 64 claims that travel are open on a ring that producers share.</returns>
    public bool TryClaimOwned(out OwnedClaim<T> claim)
    {
        var claimed = ClaimWithin(0, travels: true, out var slot, CancellationToken.None) == ClaimStatus.Claimed;
        claim = claimed ? new OwnedClaim<T>(slot) : default;
        return claimed;
    }

    /// <summary>
    /// Claims up to <paramref name="most"/> slots, at least one, waiting for room for the first. Where several producers
    /// share a ring a batch has at most 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ClaimBatch<T> ClaimBatch(int most, CancellationToken cancellationToken = default) =>
        _ring is { } ring && ring.TryBeginMany(most, out var first, out var ticket, out var count)
            ? new ClaimBatch<T>(ring, first, ticket, count)
            : ClaimBatchSlow(most, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ClaimBatch<T> ClaimBatchSlow(int most, CancellationToken cancellationToken) =>
        ClaimManyWithin(most, -1, out var claim, cancellationToken) switch
        {
            ClaimStatus.Claimed => new ClaimBatch<T>(claim),
            ClaimStatus.Closed => throw Channel.Closed("Claim"),
            _ => throw Full(),
        };

    /// <summary>Claims up to <paramref name="most"/> slots if there is room for one now. Doesn't block.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    public bool TryClaimBatch(int most, out ClaimBatch<T> batch)
    {
        if (_ring is { } ring && ring.TryBeginMany(most, out var first, out var ticket, out var count))
        {
            batch = new ClaimBatch<T>(ring, first, ticket, count);
            return true;
        }
        var claimed = ClaimManyWithin(most, 0, out var claim, CancellationToken.None) == ClaimStatus.Claimed;
        batch = claimed ? new ClaimBatch<T>(claim) : default;
        return claimed;
    }

    /// <summary>Claims a slot, has it filled, and publishes it; when the callback throws, nothing is published.</summary>
    /// <inheritdoc cref="Claim" path="/exception"/>
    public void Publish<TState>(TState state, SlotWriter<T, TState> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var claim = Claim(cancellationToken);
        write(ref claim.Value, state);
        claim.Publish();
    }

    /// <summary>Publishes a copy of a value.</summary>
    /// <inheritdoc cref="Claim" path="/exception"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(in T value, CancellationToken cancellationToken = default)
    {
        if (_ring is { Sampled: false } ring)
        {
            var slot = ring.TryBegin(out var ticket);
            if (slot != null)
            {
                *(T*)(slot + RingSlots<T>.ValueOffset) = value;
                ring.Publish(slot + RingSlots<T>.ValueOffset, ticket, 1);
                return;
            }
        }
        PublishSlow(value, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PublishSlow(T value, CancellationToken cancellationToken)
    {
        var claim = ClaimSlow(cancellationToken);
        claim.Value = value;
        claim.Publish();
    }

    /// <summary>Publishes a copy of a value if there is room now.</summary>
    /// <returns>False when the channel is full or closed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(in T value)
    {
        if (!TryClaim(out var claim))
            return false;
        claim.Value = value;
        claim.Publish();
        return true;
    }
}
