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
public readonly unsafe ref struct LeaseBatch<T> : IDisposable where T : unmanaged
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
                ThrowIndex(index, Count);
            return ref _owner is SequentialRingReader<T> ring
                ? ref *(T*)ring.Resolve(_first + index)
                : ref *(T*)_owner.Resolve(LeaseAt(_owner, _first, _handles, index));
        }
    }

    /// <summary>One of the messages as a lease of its own, to be disposed apart from the batch.</summary>
    public Lease<T> Retain(int index)
    {
        _ = this[index];
        var owner = _owner.Retain(LeaseAt(_owner, _first, _handles, index), out var retained);
        return new Lease<T>(owner, retained);
    }

    // Static, so that no batch's address is taken and its words stay in registers.

    private static long LeaseAt(LeaseOwner owner, long first, long[]? handles, int index) =>
        handles is null ? first + index : Held(owner, first, handles)[index];

    /// <summary>The pooled slots' handles. The array serves others once the batch was disposed, and with it its first lease.</summary>
    private static long[] Held(LeaseOwner owner, long first, long[] handles)
    {
        _ = owner.Resolve(first);
        return handles;
    }

    /// <summary>Gives all the slots back.</summary>
    /// <exception cref="LeaseException">The batch was disposed before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_owner is not SequentialRingReader<T> ring || !ring.ReleaseNext(_first, Count))
            DisposeSlow(_owner, _first, Count, _handles);
    }

    private static void DisposeSlow(LeaseOwner? owner, long first, int count, long[]? handles)
    {
        if (owner is null)
            return;
        if (handles is null)
        {
            owner.Release(first, count);
            return;
        }
        handles = Held(owner, first, handles);
        for (var i = 0; i < count; i++)
            owner.Release(handles[i]);
        ArrayPool<long>.Shared.Return(handles);
    }

    /// <summary>Goes through the messages in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Enumerator GetEnumerator() => new(this);

    private static void ThrowIndex(int index, int count) => throw new ArgumentOutOfRangeException(nameof(index), index,
        $"Index {index} is outside the batch's 0 to {count - 1}.");

    /// <summary>Goes through the messages of a batch, by reference.</summary>
    public ref struct Enumerator
    {
        private readonly LeaseOwner _owner;
        private readonly long _first;
        private readonly int _count;
        private readonly long[]? _handles;
        private byte* _next;
        private int _index;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Enumerator(LeaseBatch<T> batch)
        {
            _owner = batch._owner;
            _first = batch._first;
            _count = batch.Count;
            _handles = batch._handles;
            _index = -1;
            // A run of the ring lies in a row: one look that it is held, and then steps.
            if (_owner is SequentialRingReader<T> ring && _count > 0)
                _next = ring.Resolve(_first) - RingSlots<T>.Stride;
        }

        /// <summary>The current message.</summary>
        public readonly ref readonly T Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref _next is not null ? ref *(T*)_next : ref *(T*)_owner.Resolve(LeaseAt(_owner, _first, _handles, _index));
        }

        /// <summary>Goes to the next message.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            if (_next is not null)
                _next += RingSlots<T>.Stride;
            return ++_index < _count;
        }
    }
}
