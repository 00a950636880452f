using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>Handles a tensor where it lies. The span is valid until the handler returns.</summary>
/// <param name="tensor">The tensor, on the slab.</param>
public delegate void TensorHandler<T>(ReadOnlyTensorSpan<T> tensor);

/// <summary>The read end of a channel of tensors.</summary>
public sealed class TensorReader<T> : SlabReader, ILeaseSource<TensorLease<T>> where T : unmanaged
{
    internal TensorReader(ChannelCore channel) : base(channel) { }

    /// <summary>Takes the next tensor if there is one now. Doesn't block.</summary>
    /// <returns>False when the channel is empty.</returns>
    public bool TryTake(out TensorLease<T> lease)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var taken = TryTakeSlot(out var owner, out var word);
        lease = taken ? new TensorLease<T>(owner, word) : default;
        return taken;
    }

    /// <summary>Takes the next tensor, waiting for it. Allocates nothing.</summary>
    /// <exception cref="SlabChannelClosedException">The channel is closed and empty.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public TensorLease<T> Take(CancellationToken cancellationToken = default) =>
        TryTake(Timeout.InfiniteTimeSpan, out var lease, cancellationToken) == TakeStatus.Taken ? lease : throw Channel.Closed("Take");

    /// <summary>Takes the next tensor, waiting up to a timeout.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
    public TakeStatus TryTake(TimeSpan timeout, out TensorLease<T> lease, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsEndDisposed, this);
        var status = TakeWithin(Waits.Milliseconds(timeout), out var owner, out var word, cancellationToken);
        lease = status == TakeStatus.Taken ? new TensorLease<T>(owner, word) : default;
        return status;
    }

    /// <summary>
    /// The tensors, one lease after another, for <c>foreach</c>: waits for each on this thread, and ends with the channel.
    /// Each lease is the loop's to dispose; a loop that ends early leaves the rest in the channel. Allocates nothing.
    /// Looks at the token before each; what a loop throws says <see cref="LeaseSequence{TLease}.Enumerator.MoveNext"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public LeaseSequence<TensorLease<T>> TakeAll(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    /// <summary>The tensors as an async stream; see <see cref="SlabReader{T}.ReadAllAsync"/>.</summary>
    public async IAsyncEnumerable<TensorLease<T>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToTakeAsync(cancellationToken).ConfigureAwait(false))
            while (TryTake(out var lease))
                yield return lease;
    }

    /// <summary>Has every tensor handed to a callback; see <see cref="SlabReader{T}.Listen"/>.</summary>
    public ChannelListener Listen(TensorHandler<T> handle, ListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ChannelListener.Start(new TensorListener<T>(this, handle), options ?? ListenerOptions.Default);
    }
}
