namespace Psyne.Flow.Blocks;

/// <summary>Messages that stay in their pooled slots: only the leases wait here.</summary>
internal sealed unsafe class LeaseQueue<T>(BlockSlab<T> slab) : SlabQueue<T> where T : unmanaged
{
    private const int LeastCapacity = 16;

    private Lease<T>[] _items = new Lease<T>[LeastCapacity];
    private int _first;
    private int _count;

    // What is set apart: the array as it was then, since a larger one may replace it meanwhile.
    private Lease<T>[] _out = [];
    private int _outFirst;

    private long[] _claims = [];
    private int _claimed;
    private int _committed;

    internal override int Count => _count;

    internal override long Room => Array.MaxLength - _count;

    private ref Lease<T> At(int index) => ref _items[(_first + index) & (_items.Length - 1)];

    internal override bool TryEnqueue(Lease<T> message)
    {
        message = LeaseTicket.Unwrap(message);
        if (message.LiesInRing)
        {
            // A place in a ring is not held for as long as a block may take.
            if (!slab.TryCopy(in message.Value, out var copy))
                return false;
            message.Dispose();
            message = copy;
        }
        Add(message);
        return true;
    }

    internal override bool TryAppend(ref readonly T value)
    {
        if (!slab.TryCopy(in value, out var copy))
            return false;
        Add(copy);
        return true;
    }

    private void Add(Lease<T> message)
    {
        if (_count == _items.Length)
            Grow();
        At(_count++) = message;
    }

    private void Grow()
    {
        var items = new Lease<T>[2 * _items.Length];
        for (var i = 0; i < _count; i++)
            items[i] = At(i);
        _items = items;
        _first = 0;
    }

    internal override bool TryPeek(out Lease<T> message)
    {
        message = default;
        if (_count == 0)
            return false;
        ref var oldest = ref At(0);
        oldest = LeaseTicket.For(oldest);
        message = oldest;
        return true;
    }

    internal override Lease<T> Dequeue()
    {
        var message = At(0);
        Remove(1);
        return message;
    }

    internal override bool CanMoveTo(MessageQueue<Lease<T>> target) => target is LeaseQueue<T>;

    internal override int MoveTo(MessageQueue<Lease<T>> target, int most)
    {
        var to = (LeaseQueue<T>)target;
        var count = Math.Min(most, _count);
        for (var i = 0; i < count; i++)
            to.Add(LeaseTicket.Unwrap(At(i)));
        Remove(count);
        return count;
    }

    internal override int CheckOut(int most)
    {
        _out = _items;
        _outFirst = _first;
        return Math.Min(most, _count);
    }

    private ref Lease<T> OutAt(int index) => ref _out[(_outFirst + index) & (_out.Length - 1)];

    internal override ref T In(int index) => ref System.Runtime.CompilerServices.Unsafe.AsRef(in OutAt(index).Value);

    internal override void EndIn(int index) => OutAt(index).Dispose();

    /// <summary>Puts another lease in the place of a message that is set apart and stays in the queue. Under the lock.</summary>
    internal void Replace(int index, Lease<T> lease) => At(index) = lease;

    internal override bool TryTakeIn(int index, out Lease<T> lease)
    {
        lease = OutAt(index);
        return true;
    }

    internal override void Remove(int count)
    {
        for (var i = 0; i < count; i++)
            At(i) = default;
        _first = (_first + count) & (_items.Length - 1);
        _count -= count;
    }

    internal override int Reserve(int most)
    {
        if (_claims.Length < most)
            _claims = new long[most];
        _claimed = _committed = 0;
        while (_claimed < most && slab.TryClaim(out _claims[_claimed]))
            _claimed++;
        return _claimed;
    }

    internal override ref T Out(int index) => ref *slab.At(_claims[index]);

    internal override void CommitSome(int count)
    {
        for (; _committed < Math.Min(count, _claimed); _committed++)
            Add(slab.ToLease(_claims[_committed]));
    }

    internal override void Commit(int count)
    {
        CommitSome(count);
        for (var i = count; i < _claimed; i++)
            slab.Abort(_claims[i]);
        _claimed = 0;
    }

    internal override void WhenRoom(Action look) => slab.WhenFree(look);

    internal override void WhenEnqueueable(Action look) => slab.WhenFree(look);

    internal override void Clear()
    {
        while (_count > 0)
            Dequeue().Dispose();
    }

    public override void Dispose() => _items = [];
}
