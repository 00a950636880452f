using System.Runtime.CompilerServices;
using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;
using Psyne.Flow.Rings;

namespace Psyne.Flow;

/// <summary>Several slots claimed at once: the price of a claim is paid once for all of them.</summary>
/// <remarks>As <see cref="Claim{T}"/>: stays on its thread; disposing it unpublished gives the slots back.</remarks>
public readonly unsafe ref struct ClaimBatch<T> where T : unmanaged
{
    private readonly BatchClaim _claim;

    internal ClaimBatch(BatchClaim claim) => _claim = claim;

    /// <summary>How many slots were claimed: at least one, at most as many as were asked for.</summary>
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _claim.Count;
    }

    /// <summary>One of the messages under construction.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the batch.</exception>
    /// <exception cref="LeaseException">The batch was published or aborted.</exception>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_claim.Count)
                ThrowIndex(index);
            return ref _claim.Core is SingleRingWriter<T, SequenceRoom<HardwareAtomics>> ring
                ? ref *(T*)ring.At(_claim, index)
                : ref *(T*)_claim.Core.At(_claim, index);
        }
    }

    /// <summary>Publishes all of them, in order.</summary>
    /// <exception cref="LeaseException">The batch was published or aborted before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish() => Publish(_claim.Count);

    /// <summary>Publishes the first <paramref name="count"/>, in order, and gives back the rest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or above <see cref="Count"/>.</exception>
    /// <exception cref="LeaseException">The batch was published or aborted before.</exception>
    public void Publish(int count)
    {
        if ((uint)count > (uint)_claim.Count)
            ThrowCount(count);
        if (_claim.Core is null)
            throw new LeaseException("The batch is empty: it was never given by a channel.");
        _claim.Core.Publish(_claim, count);
    }

    /// <summary>Gives the slots back if they were not published.</summary>
    public void Dispose() => _claim.Core?.Abort(_claim);

    private void ThrowIndex(int index) => throw new ArgumentOutOfRangeException(nameof(index), index,
        $"Index {index} is outside the batch's 0 to {_claim.Count - 1}.");

    private void ThrowCount(int count) => throw new ArgumentOutOfRangeException(nameof(count), count,
        $"A count of {count} is outside the batch's 0 to {_claim.Count}.");
}
