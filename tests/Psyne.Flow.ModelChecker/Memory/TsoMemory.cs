namespace Psyne.Flow.ModelChecking;

/// <summary>
/// x86-TSO: Sewell et al., x86-TSO: a rigorous and usable programmer's model for x86 multiprocessors (CACM 2010).
/// </summary>
/// <remarks>
/// When a buffered store drains matters only to an access of another thread to the same location, or to a drain
/// into it. So that is where it is decided: each such access chooses which pending stores came first. Earlier
/// decisions would give the same executions again.
/// </remarks>
internal sealed class TsoMemory(Execution execution) : SharedMemory
{
    private readonly StoreBuffer[] _buffers =
        [.. Enumerable.Range(0, VectorClock.Capacity).Select(_ => new StoreBuffer())];

    public override void Reset()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Clear();
        }
    }

    public override long Load(LogicalThread thread, Location location, bool acquires)
    {
        var buffer = _buffers[thread.Index];
        var own = buffer.NewestOf(location);
        if (own >= 0)
        {
            return buffer[own].Value;
        }

        ChooseDrained(thread, location);
        if (acquires)
        {
            thread.Clock.Join(in location[0].Clock);
        }

        return location.Latest;
    }

    /// <remarks>x86 releases with every store; the happens-before that the program may count on doesn't come with it.</remarks>
    public override void Store(LogicalThread thread, Location location, long value, bool releases)
    {
        var clock = releases ? thread.Clock : default;
        if (thread.IsMain)
        {
            Commit(new StoreBuffer.Entry { Location = location, Value = value, Clock = clock });
        }
        else
        {
            _buffers[thread.Index].Enqueue(new() { Location = location, Value = value, Clock = clock });
        }

        thread.Clock[thread.Index]++;
    }

    public override long BeginUpdate(LogicalThread thread, Location location)
    {
        FullFence(thread);
        ChooseDrained(thread, location);
        thread.Clock.Join(in location[0].Clock);
        return location.Latest;
    }

    public override void EndUpdate(LogicalThread thread, Location location, long value)
    {
        Commit(new StoreBuffer.Entry { Location = location, Value = value, Clock = thread.Clock });
        thread.Clock[thread.Index]++;
    }

    public override void FullFence(LogicalThread thread) => Drain(thread, thread, _buffers[thread.Index].Count);

    public override void FullFenceAll(ReadOnlySpan<LogicalThread> threads)
    {
        foreach (var thread in threads)
        {
            FullFence(thread);
        }
    }

    public override long Peek(LogicalThread thread, Location location)
    {
        FullFence(thread);
        ChooseDrained(thread, location);
        return location.Latest;
    }

    public override long LoadPlain(LogicalThread thread, Location location)
    {
        var buffer = _buffers[thread.Index];
        var own = buffer.NewestOf(location);
        return own >= 0 ? buffer[own].Value : location.Latest;
    }

    public override void BeforePlainStore(LogicalThread thread, Location location)
    {
        // Stronger than the machine, which would buffer the plain store too; but whom that could surprise has a race.
        Drain(thread, thread, _buffers[thread.Index].NewestOf(location) + 1);
    }

    public override void AfterPlainStore(LogicalThread thread, Location location) => location[0].Clock = default;

    public override void Settle(LogicalThread thread) => FullFence(thread);

    /// <summary>
    /// Which stores to a location, pending in buffers that aren't being drained, reach memory before this access. The
    /// accessing thread itself has none: its loads are forwarded, its read-modify-writes drain first.
    /// </summary>
    private void ChooseDrained(LogicalThread thread, Location location)
    {
        foreach (var other in execution.Threads)
        {
            var buffer = _buffers[other.Index];
            if (buffer.IsDraining)
            {
                continue;
            }

            for (int oldest; (oldest = buffer.OldestOf(location)) >= 0;)
            {
                if (execution.Bounds.CanBeStale && execution.Choose(2, ChoiceKind.Stale) == 1)
                {
                    execution.Bounds.UseStale();
                    thread.HasReadStale = true;
                    break;
                }

                Drain(thread, other, oldest + 1);
            }
        }
    }

    /// <summary>Moves the oldest entries of <paramref name="owner"/> to memory, in order.</summary>
    private void Drain(LogicalThread thread, LogicalThread owner, int count)
    {
        var buffer = _buffers[owner.Index];
        buffer.IsDraining = true;
        for (; count > 0; count--)
        {
            ChooseDrained(thread, buffer[0].Location);
            var entry = buffer.Dequeue();
            execution.Trace?.AddDrain(owner, entry.Location, entry.Value);
            Commit(in entry);
        }

        buffer.IsDraining = false;
    }

    private static void Commit(in StoreBuffer.Entry entry)
    {
        entry.Location.Write(entry.Value);
        entry.Location[0].Clock = entry.Clock;
    }
}
