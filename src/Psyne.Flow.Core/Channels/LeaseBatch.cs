using System.Buffers;
using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;
using Psyne.Flow.Rings;

namespace Psyne.Flow;

/// <summary>Several messages taken at once, read where they lie, and given back together.</summary>
/// <remarks>Stays on the thread that took it. Dispose it once.</remarks>
/// <example><code>
/// using var batch = reader.TakeBatch(64);
/// foreach (ref readonly var reading in batch) Use(in reading);
/// </code></example>
public readonly unsafe ref struct LeaseBatch<T> where T : unmanaged
{
    private readonly LeaseOwner _owner;
    private readonly long _first;
    private readonly long[]? _handles;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal LeaseBatch(LeaseOwner owner, long first, int count, long[]? handles)
    {
        _owner = owner;
        _first = first;
        Count = count;
        _handles = handles;
    }

    /// <summary>How many messages there are: at least one when the take succeeded.</summary>
    public int Count { get; }

    /// <summary>One of the messages.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1, oldest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the batch.</exception>
    /// <exception cref="LeaseException">The batch was disposed.</exception>
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)Count)
                ThrowIndex(index);
            return ref _owner is SequentialRingReader<T> ring
                ? ref *(T*)ring.Resolve(_first + index)
                : ref *(T*)_owner.Resolve(LeaseAt(index));
        }
    }

    /// <summary>One of the messages as a lease of its own, to be disposed apart from the batch.</summary>
    public Lease<T> Retain(int index)
    {
        _ = this[index];
        var owner = _owner.Retain(LeaseAt(index), out var retained);
        return new Lease<T>(owner, retained);
    }

    private long LeaseAt(int index) => _handles is null ? _first + index : Handles[index];

    /// <summary>The pooled slots' handles. The array serves others once the batch was disposed, and with it its first lease.</summary>
    private long[] Handles
    {
        get
        {
            _ = _owner.Resolve(_first);
            return _handles!;
        }
    }

    /// <summary>Gives all the slots back.</summary>
    /// <exception cref="LeaseException">The batch was disposed before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_owner is SequentialRingReader<T> ring)
            ring.Release(_first, Count);
        else
            DisposeSlow();
    }

    private void DisposeSlow()
    {
        if (_owner is null)
            return;
        if (_handles is null)
        {
            _owner.Release(_first, Count);
            return;
        }
        var handles = Handles;
        for (var i = 0; i < Count; i++)
            _owner.Release(handles[i]);
        ArrayPool<long>.Shared.Return(handles);
    }

    /// <summary>Goes through the messages in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Enumerator GetEnumerator() => new(this);

    private void ThrowIndex(int index) => throw new ArgumentOutOfRangeException(nameof(index), index,
        $"Index {index} is outside the batch's 0 to {Count - 1}.");

    /// <summary>Goes through the messages of a batch, by reference.</summary>
    public ref struct Enumerator
    {
        private readonly LeaseBatch<T> _batch;
        private byte* _next;
        private int _index;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Enumerator(LeaseBatch<T> batch)
        {
            _batch = batch;
            _index = -1;
            // A run of the ring lies in a row: one look that it is held, and then steps.
            if (batch._owner is SequentialRingReader<T> ring && batch.Count > 0)
                _next = ring.Resolve(batch._first) - RingSlots<T>.Stride;
        }

        /// <summary>The current message.</summary>
        public readonly ref readonly T Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref _next is not null ? ref *(T*)_next : ref _batch[_index];
        }

        /// <summary>Goes to the next message.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            if (_next is not null)
                _next += RingSlots<T>.Stride;
            return ++_index < _batch.Count;
        }
    }
}
