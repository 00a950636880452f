using Psyne.Flow.Channels;

namespace Psyne.Flow;

/// <summary>
/// Every message of a read end, one lease after another, for <c>foreach</c>: it waits for each on the thread of the loop,
/// and ends with the channel.
/// </summary>
/// <typeparam name="TLease">The lease of one message.</typeparam>
/// <remarks>
/// Each lease is the loop's to dispose, as those of ReadAllAsync are. A loop that ends early leaves the rest in the
/// channel. Allocates nothing. One loop at a time on an end that is one thread's; where consumers compete, any number.
/// </remarks>
/// <example><code>
/// foreach (var lease in reader.TakeAll())
///     using (lease) sum += lease.Value;
/// </code></example>
public readonly struct LeaseSequence<TLease>
{
    private readonly ILeaseSource<TLease> _source;
    private readonly CancellationToken _cancellationToken;

    internal LeaseSequence(ILeaseSource<TLease> source, CancellationToken cancellationToken)
    {
        _source = source;
        _cancellationToken = cancellationToken;
    }

    /// <summary>What <c>foreach</c> calls: each loop takes the messages that no other has.</summary>
    /// <exception cref="LeaseException">The sequence is empty: it was never given by an end.</exception>
    public Enumerator GetEnumerator() =>
        new(_source ?? throw new LeaseException("The sequence is empty: it was never given by the read end of a channel."), _cancellationToken);

    /// <summary>One loop over the messages.</summary>
    public struct Enumerator
    {
        private readonly ILeaseSource<TLease> _source;
        private readonly CancellationToken _cancellationToken;
        private TLease _current;

        internal Enumerator(ILeaseSource<TLease> source, CancellationToken cancellationToken)
        {
            _source = source;
            _cancellationToken = cancellationToken;
            _current = default!;
        }

        /// <summary>The lease that was taken last; the loop disposes it.</summary>
        public readonly TLease Current => _current;

        /// <summary>Takes the next message, waiting for it.</summary>
        /// <returns>False when the channel is closed and empty.</returns>
        /// <exception cref="OperationCanceledException">The token was cancelled; no message was taken.</exception>
        /// <exception cref="ObjectDisposedException">The read end was disposed.</exception>
        /// <exception cref="Exception">The fault that the channel was completed with, once it is empty.</exception>
        public bool MoveNext()
        {
            _cancellationToken.ThrowIfCancellationRequested();
            while (!_source.TryTake(out _current))
                if (!_source.WaitToTake(Timeout.InfiniteTimeSpan, _cancellationToken))
                    return false;
            return true;
        }
    }
}
