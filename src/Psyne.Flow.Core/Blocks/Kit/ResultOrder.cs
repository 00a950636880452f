namespace Psyne.Flow.Blocks;

/// <summary>Results that came before those of earlier messages, or for which the queue has no room yet.</summary>
/// <remarks>Not thread-safe: the source half's lock guards it. Allocates nothing once it has been as long before, but for several results of one message.</remarks>
internal sealed class ResultOrder<T>(SlabQueue<T> queue, bool ordered) where T : unmanaged
{
    private Entry[] _entries = new Entry[16];
    private long _first;
    private long _end;

    internal bool IsEmpty => _first == _end;

    /// <param name="position">The message's place in the order of intake.</param>
    /// <param name="result">What came of it; an empty lease for nothing.</param>
    /// <param name="isLast">Whether that was all.</param>
    internal void Add(long position, Lease<T> result, bool isLast = true)
    {
        var endsMessage = isLast;
        if (!ordered)
            (position, isLast) = (_end, true);
        while (position - _first >= _entries.Length)
            Grow();
        _end = Math.Max(_end, position + 1);
        ref var entry = ref _entries[position & (_entries.Length - 1)];
        if (!isLast)
            entry = new Entry(default, entry.Earlier ?? new Queue<Lease<T>>(), IsDone: false, EndsMessage: false);
        if (isLast)
            entry = new Entry(result, entry.Earlier, IsDone: true, endsMessage);
        else
            entry.Earlier!.Enqueue(result);
    }

    private void Grow()
    {
        var entries = new Entry[2 * _entries.Length];
        for (var position = _first; position < _end; position++)
            entries[position & (entries.Length - 1)] = _entries[position & (_entries.Length - 1)];
        _entries = entries;
    }

    /// <summary>Moves the results whose turn it is into the queue, as far as that has room. True when some went.</summary>
    /// <param name="messages">Messages of which all results have gone now.</param>
    internal bool Flush(out int messages)
    {
        var any = false;
        messages = 0;
        while (_first < _end)
        {
            ref var entry = ref _entries[_first & (_entries.Length - 1)];
            if (!entry.IsDone)
                break;
            while (entry.Earlier is { Count: > 0 } earlier && queue.TryEnqueue(earlier.Peek()))
            {
                earlier.Dequeue();
                any = true;
            }
            if (entry.Earlier is { Count: > 0 })
                break;
            if (entry.Result.IsGiven && !queue.TryEnqueue(entry.Result))
                break;
            any = true;
            messages += entry.EndsMessage ? 1 : 0;
            entry = default;
            _first++;
        }
        return any;
    }

    internal void Clear()
    {
        for (; _first < _end; _first++)
        {
            ref var entry = ref _entries[_first & (_entries.Length - 1)];
            while (entry.Earlier is { Count: > 0 } earlier)
                earlier.Dequeue().Dispose();
            if (entry.Result.IsGiven)
                entry.Result.Dispose();
            entry = default;
        }
    }

    private readonly record struct Entry(Lease<T> Result, Queue<Lease<T>>? Earlier, bool IsDone, bool EndsMessage);
}
