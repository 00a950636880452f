using System.Runtime.CompilerServices;

namespace Psyne.Flow.Blocks;

/// <summary>Small messages, by value, in a ring on a slab of the queue's own. One becomes a pooled lease when somebody outside asks for it.</summary>
/// <remarks>Memory is reserved with the first message, and pages are committed as they are reached; an empty queue starts over at the first, so that few are.</remarks>
internal sealed unsafe class ValueQueue<T>(BlockSlab<T> leases, long capacity) : SlabQueue<T> where T : unmanaged
{
    private Slab? _memory;
    private T* _slots;
    private long _head;
    private long _tail;
    private bool _building;
    private long _buildStart;
    private Lease<T> _shown;
    private bool _disposed;

    internal override int Count => (int)(_tail - _head);

    internal override long Room => _disposed ? 0 : capacity - (_tail - _head);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* At(long position) => _slots + (position & (capacity - 1));

    /// <summary>A run of the ring that doesn't wrap, for handlers that go through it without a call a message.</summary>
    internal Span<T> Run(bool built, int count) => new(At(built ? _buildStart : _head), count);

    private void EnsureMemory()
    {
        if (_memory is not null)
            return;
        _memory = Slab.Allocate(new SlabOptions { Bytes = Math.Max(64, capacity * sizeof(T)) });
        _slots = (T*)_memory.Base;
    }

    internal override bool TryEnqueue(Lease<T> message)
    {
        if (_building || Room == 0) // a builder owns the end
            return false;
        EnsureMemory();
        *At(_tail) = message.Value;
        _tail++;
        message.Dispose();
        return true;
    }

    internal override bool TryPeek(out Lease<T> message)
    {
        message = default;
        if (Count == 0)
            return false;
        if (!_shown.IsGiven)
        {
            if (!leases.TryCopy(At(_head), out var copy))
                return false;
            _shown = LeaseTicket.For(copy);
        }
        message = _shown;
        return true;
    }

    internal override Lease<T> Dequeue()
    {
        var message = _shown;
        _shown = default;
        Advance(1);
        return message;
    }

    private void Advance(int count)
    {
        _head += count;
        if (_head == _tail && !_building)
            _head = _tail = 0;
    }

    private void Unshow()
    {
        if (!_shown.IsGiven)
            return;
        _shown.Dispose();
        _shown = default;
    }

    internal override bool CanMoveTo(MessageQueue<Lease<T>> target) => target is ValueQueue<T>;

    internal override int MoveTo(MessageQueue<Lease<T>> target, int most)
    {
        var to = (ValueQueue<T>)target;
        var count = to._building ? 0 : (int)Math.Min(Math.Min(most, Count), to.Room);
        if (count == 0)
            return 0;
        to.EnsureMemory();
        for (var left = count; left > 0;)
        {
            var run = Math.Min(left, Math.Min(Contiguous(_head, capacity), to.ContiguousAtEnd));
            new ReadOnlySpan<T>(At(_head), run).CopyTo(new Span<T>(to.At(to._tail), run));
            _head += run;
            to._tail += run;
            left -= run;
        }
        Unshow();
        Advance(0);
        return count;
    }

    /// <summary>Adds values from elsewhere on a slab, as many as there is room for.</summary>
    internal int Append(ReadOnlySpan<T> values)
    {
        var count = _building ? 0 : (int)Math.Min(values.Length, Room);
        if (count == 0)
            return 0;
        EnsureMemory();
        var run = Math.Min(count, ContiguousAtEnd);
        values[..run].CopyTo(new Span<T>(At(_tail), run));
        values[run..count].CopyTo(new Span<T>(At(_tail + run), count - run));
        _tail += count;
        return count;
    }

    internal override bool TryAppend(ref readonly T value)
    {
        if (_building || Room == 0)
            return false;
        EnsureMemory();
        *At(_tail++) = value;
        return true;
    }

    private int ContiguousAtEnd => Contiguous(_tail, capacity);

    private static int Contiguous(long position, long capacity) => (int)Math.Min(int.MaxValue, capacity - (position & (capacity - 1)));

    internal override int CheckOut(int most) => Math.Min(Math.Min(most, Count), Contiguous(_head, capacity));

    internal override ref T In(int index) => ref *At(_head + index);

    internal override void EndIn(int index) { }

    internal override bool TryTakeIn(int index, out Lease<T> lease) => leases.TryCopy(At(_head + index), out lease);

    internal override void Remove(int count)
    {
        if (count == 0)
            return;
        Unshow();
        Advance(count);
    }

    internal override int Reserve(int most)
    {
        if (_disposed)
            return 0;
        EnsureMemory();
        _building = true;
        _buildStart = _tail;
        return (int)Math.Min(Math.Min(most, Room), ContiguousAtEnd);
    }

    internal override ref T Out(int index) => ref *At(_buildStart + index);

    internal override void CommitSome(int count)
    {
        if (_building)
            _tail = Math.Max(_tail, _buildStart + count);
    }

    internal override void Commit(int count)
    {
        _tail = _buildStart + count;
        _building = false;
        Advance(0);
    }

    internal override void WhenRoom(Action look) => throw new InvalidOperationException("Who takes messages out of the ring tells.");

    internal override void WhenPeekable(Action look) => leases.WhenFree(look);

    internal override void Clear()
    {
        Unshow();
        _head = _tail;
        Advance(0);
    }

    public override void Dispose()
    {
        _disposed = true;
        _memory?.Dispose();
    }
}
