using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>The read end of a channel of fixed-size messages.</summary>
/// <example><code>
/// while (await channel.Reader.WaitToTakeAsync(cancellationToken))
///     while (channel.Reader.TryTake(out var lease))
///         using (lease) Use(in lease.Value);
/// </code></example>
public sealed partial class SlabReader<T> : SlabReader, ILeaseSource<Lease<T>> where T : unmanaged
{
    private SequentialRingReader<T>? _ring; // with lanes, the one whose turn it is
    private CompetingRingReader<T>? _competing;

    internal SlabReader(ChannelCore channel) : base(channel)
    {
        if (channel.Sampler is not null || channel.Tracker is not null)
            return;
        _ring = Core as SequentialRingReader<T>;
        _competing = Core as CompetingRingReader<T>;
        if (channel.Layout.Lanes > 0)
            BeginWithLanes();
    }

    private protected override void LeaveFastPath()
    {
        _ring = null;
        _competing = null;
    }

    /// <summary>Takes the next message if there is one now. Doesn't block.</summary>
    /// <returns>False when the channel is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out Lease<T> lease)
    {
        lease = _ring is { } ring && ring.TryTake(out var position) ? new Lease<T>(ring, position) : TryTakeSlow();
        return lease.IsGiven;
    }

    /// <summary>By value, so that the caller's lease stays in registers; empty when there is no message.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Lease<T> TryTakeSlow()
    {
        if (_lanes is not null || _competingLanes is not null)
            return TryTakeInTurn();
        if (_ring is { } ring)
        {
            while (ring.CatchUp())
                if (ring.TryTake(out var position))
                    return new Lease<T>(ring, position);
            return default;
        }
        if (_competing is { } competing)
        {
            do
            {
                if (competing.TryTake(out var position))
                    return new Lease<T>(competing, position);
            }
            while (CatchUp());
            return default;
        }
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        return TryTakeSlot(out var owner, out var word) ? new Lease<T>(owner, word) : default;
    }

    /// <summary>Takes the next message, waiting for it. Allocates nothing.</summary>
    /// <exception cref="SlabChannelClosedException">The channel is closed and empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lease<T> Take(CancellationToken cancellationToken = default) =>
        TryTake(out var lease) ? lease : TakeSlow(cancellationToken);

    private Lease<T> TakeSlow(CancellationToken cancellationToken) =>
        TryTake(Timeout.InfiniteTimeSpan, out var lease, cancellationToken) == TakeStatus.Taken ? lease : throw Channel.Closed("Take");

    /// <summary>Takes the next message, waiting up to a timeout.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public TakeStatus TryTake(TimeSpan timeout, out Lease<T> lease, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var status = TakeWithin(Waits.Milliseconds(timeout), out var owner, out var word, cancellationToken);
        lease = status == TakeStatus.Taken ? new Lease<T>(owner, word) : default;
        return status;
    }

    /// <summary>Takes up to <paramref name="most"/> messages that are there now. Doesn't block.</summary>
    /// <returns>False when the channel is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeBatch(int most, out LeaseBatch<T> batch)
    {
        if (most < 1)
            ThrowMost(most);
        int count;
        batch = _ring is { } ring && (count = ring.TryTakeMany(most, out var first)) > 0
            ? new LeaseBatch<T>(ring, first, count, null)
            : TryTakeBatchSlow(most);
        return batch.Count > 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LeaseBatch<T> TryTakeBatchSlow(int most)
    {
        if (_lanes is not null || _competingLanes is not null)
            return TryTakeBatchInTurn(most);
        if (_ring is { } ring)
        {
            while (ring.CatchUp())
            {
                var count = ring.TryTakeMany(most, out var first);
                if (count > 0)
                    return new LeaseBatch<T>(ring, first, count, null);
            }
            return default;
        }
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        do
        {
            var count = Core.TryTakeMany(most, out var owner, out var first, out var handles);
            if (count > 0)
                return new LeaseBatch<T>(owner, first, count, handles);
        }
        while (CatchUp());
        return default;
    }

    /// <summary>Takes up to <paramref name="most"/> messages, waiting for the first.</summary>
    /// <exception cref="SlabChannelClosedException">The channel is closed and empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    public LeaseBatch<T> TakeBatch(int most, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryTakeBatch(most, out var batch))
                return batch;
            if (!WaitToTake(Timeout.InfiniteTimeSpan, cancellationToken))
                throw Channel.Closed("Take");
        }
    }

    /// <summary>
    /// The messages, one lease after another, for <c>foreach</c>: waits for each on this thread, and ends with the channel.
    /// Each lease is the loop's to dispose; a loop that ends early leaves the rest in the channel. Allocates nothing.
    /// Looks at the token before each; what a loop throws says <see cref="LeaseSequence{TLease}.Enumerator.MoveNext"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public LeaseSequence<Lease<T>> TakeAll(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    /// <summary>
    /// The messages as an async stream. Each lease is the caller's to dispose; a loop that ends early leaves the rest in
    /// the channel. Allocates once, not per message. A fault of the channel is thrown, after the messages before it.
    /// </summary>
    public async IAsyncEnumerable<Lease<T>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToTakeAsync(cancellationToken).ConfigureAwait(false))
            while (TryTake(out var lease))
                yield return lease;
    }

    /// <summary>Has every message handed to a callback, by reference into the slab, until the channel ends.</summary>
    /// <param name="handle">Called for one message after another, never twice at once.</param>
    /// <param name="options">The thread it runs on; null for a dedicated one.</param>
    /// <returns>The running listener; its completion faults with what the callback throws.</returns>
    public ChannelListener Listen(MessageHandler<T> handle, ListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ChannelListener.Start(new ValueListener<T>(this, handle), options ?? ListenerOptions.Default);
    }

    private static void ThrowMost(int most) =>
        throw new ArgumentOutOfRangeException(nameof(most), most, $"A batch of {most} messages was asked for; the least is 1.");
}
