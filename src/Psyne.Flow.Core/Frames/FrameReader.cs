using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Frames;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>Handles a frame where it lies. The bytes are valid until the handler returns.</summary>
/// <param name="frame">The frame's bytes, on the slab.</param>
public delegate void FrameHandler(ReadOnlySpan<byte> frame);

/// <summary>The read end of a channel of frames.</summary>
public sealed class FrameReader : SlabReader, ILeaseSource<FrameLease>
{
    internal FrameReader(ChannelCore channel) : base(channel) { }

    /// <summary>Takes the next frame if there is one now. Doesn't block.</summary>
    /// <returns>False when the channel is empty.</returns>
    public bool TryTake(out FrameLease lease)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var taken = TryTakeSlot(out var owner, out var word);
        lease = taken ? new FrameLease(owner, word) : default;
        return taken;
    }

    /// <summary>Takes the next frame, waiting for it. Allocates nothing.</summary>
    /// <exception cref="SlabChannelClosedException">The channel is closed and empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public FrameLease Take(CancellationToken cancellationToken = default) =>
        TryTake(Timeout.InfiniteTimeSpan, out var lease, cancellationToken) == TakeStatus.Taken ? lease : throw Channel.Closed("Take");

    /// <summary>Takes the next frame, waiting up to a timeout.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public TakeStatus TryTake(TimeSpan timeout, out FrameLease lease, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var status = TakeWithin(Waits.Milliseconds(timeout), out var owner, out var word, cancellationToken);
        lease = status == TakeStatus.Taken ? new FrameLease(owner, word) : default;
        return status;
    }

    /// <summary>
    /// The frames, one lease after another, for <c>foreach</c>: waits for each on this thread, and ends with the channel.
    /// Each lease is the loop's to dispose; a loop that ends early leaves the rest in the channel. Allocates nothing.
    /// Looks at the token before each; what a loop throws says <see cref="LeaseSequence{TLease}.Enumerator.MoveNext"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public LeaseSequence<FrameLease> TakeAll(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    /// <summary>The frames as an async stream; see <see cref="SlabReader{T}.ReadAllAsync"/>.</summary>
    public async IAsyncEnumerable<FrameLease> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToTakeAsync(cancellationToken).ConfigureAwait(false))
            while (TryTake(out var lease))
                yield return lease;
    }

    /// <summary>Has every frame handed to a callback; see <see cref="SlabReader{T}.Listen"/>.</summary>
    public ChannelListener Listen(FrameHandler handle, ListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ChannelListener.Start(new FrameListener(this, handle), options ?? ListenerOptions.Default);
    }

    /// <summary>The length that a header names, once checked: no slot has room for more.</summary>
    internal static int CheckedLength(ChannelCore channel, int length) =>
        length >= 0 && length <= channel.Layout.PayloadBytes - FrameHeader.Size ? length : throw new InvalidDataException(
            $"A frame of {channel} names a length of {length}; the most is {channel.Layout.PayloadBytes - FrameHeader.Size}.");
}
