using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Rings;

namespace Psyne.Flow;

/// <summary>Several slots claimed at once: the price of a claim is paid once for all of them.</summary>
/// <remarks>As <see cref="Claim{T}"/>: stays on its thread; disposing it unpublished gives the slots back.</remarks>
public readonly unsafe ref struct ClaimBatch<T> : IDisposable where T : unmanaged
{
    private readonly WriterCore _core;
    private readonly byte* _first;
    private readonly long _ticket;
    private readonly int _count;
    private readonly long[]? _handles;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ClaimBatch(WriterCore core, byte* first, long ticket, int count, long[]? handles = null)
    {
        _core = core;
        _first = first;
        _ticket = ticket;
        _count = count;
        _handles = handles;
    }

    internal ClaimBatch(BatchClaim claim) : this(claim.Core, claim.First, claim.Ticket, claim.Count, claim.Handles) { }

    /// <summary>How many slots were claimed: at least one, at most as many as were asked for.</summary>
    public int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count;
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
            if ((uint)index >= (uint)_count)
                ThrowIndex(index, _count);
            return ref _core is SpscRingWriter<T> ring
                ? ref *(T*)ring.At(_first, _ticket, null, index)
                : ref *(T*)At(_core, _first, _ticket, _handles, index);
        }
    }

    /// <summary>Publishes all of them, in order.</summary>
    /// <exception cref="LeaseException">The batch was published or aborted before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish() => Publish(_count);

    /// <summary>Publishes the first <paramref name="count"/>, in order, and gives back the rest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or above <see cref="Count"/>.</exception>
    /// <exception cref="LeaseException">The batch was published or aborted before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(int count)
    {
        if ((uint)count > (uint)_count)
            ThrowCount(count, _count);
        if (count > 0 && _core is SpscRingWriter<T> ring)
            ring.Publish(_first, _ticket, count);
        else
            PublishSlow(_core, new BatchClaim(_core, _first, _ticket, _count, _handles), count);
    }

    /// <summary>Gives the slots back if they were not published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_core is not SpscRingWriter<T> || SpscRingWriter<T>.IsOpen(_first, _ticket))
            AbortSlow(_core, new BatchClaim(_core, _first, _ticket, _count, _handles));
    }

    // Static, so that no batch's address is taken and its words stay in registers.

    private static byte* At(WriterCore core, byte* first, long ticket, long[]? handles, int index) => core.At(first, ticket, handles, index);

    private static void PublishSlow(WriterCore? core, BatchClaim claim, int count)
    {
        if (core is null)
            throw new LeaseException("The batch is empty: it was never given by a channel.");
        core.Publish(claim, count);
    }

    private static void AbortSlow(WriterCore? core, BatchClaim claim) => core?.Abort(claim);

    private static void ThrowIndex(int index, int count) => throw new ArgumentOutOfRangeException(nameof(index), index,
        $"Index {index} is outside the batch's 0 to {count - 1}.");

    private static void ThrowCount(int count, int most) => throw new ArgumentOutOfRangeException(nameof(count), count,
        $"A count of {count} is outside the batch's 0 to {most}.");
}
