namespace Psyne.Flow.ModelChecking;

/// <summary>
/// What a memory model must answer. Callers have made the scheduling decision and checked for races; every method
/// is one atomic step of <c>thread</c>.
/// </summary>
internal abstract class SharedMemory
{
    /// <summary>Forgets the last execution.</summary>
    public abstract void Reset();

    /// <summary>A load; unless it acquires, nothing but its own location is ordered by it.</summary>
    public abstract long Load(LogicalThread thread, Location location, bool acquires);

    /// <summary>A store; unless it releases, nothing travels with the value.</summary>
    public abstract void Store(LogicalThread thread, Location location, long value, bool releases);

    /// <summary>First half of a read-modify-write: a full fence, and the latest value, acquired.</summary>
    public abstract long BeginUpdate(LogicalThread thread, Location location);

    /// <summary>Second half, left out when a comparison failed.</summary>
    public abstract void EndUpdate(LogicalThread thread, Location location, long value);

    public abstract void FullFence(LogicalThread thread);

    /// <summary>A full fence on all of <paramref name="threads"/> at once.</summary>
    public abstract void FullFenceAll(ReadOnlySpan<LogicalThread> threads);

    /// <summary>The latest value, as the kernel sees it: with a full fence, but without acquiring.</summary>
    public abstract long Peek(LogicalThread thread, Location location);

    /// <summary>A plain read of a word that is also accessed atomically; it doesn't race.</summary>
    public abstract long LoadPlain(LogicalThread thread, Location location);

    /// <summary>Before a plain write over such a word: what the thread stored there earlier must not land on top.</summary>
    public abstract void BeforePlainStore(LogicalThread thread, Location location);

    /// <summary>After a plain write over such a word; it doesn't race, real memory holds the new value.</summary>
    public abstract void AfterPlainStore(LogicalThread thread, Location location);

    /// <summary>The thread's stores have all reached memory, and nothing of it is in flight: it has ended.</summary>
    public abstract void Settle(LogicalThread thread);

    /// <summary>What <paramref name="other"/> has seen and done is visible to <paramref name="thread"/>.</summary>
    public static void Join(LogicalThread thread, LogicalThread other)
    {
        thread.View.Join(other.View);
        thread.Clock.Join(in other.Clock);
    }
}
