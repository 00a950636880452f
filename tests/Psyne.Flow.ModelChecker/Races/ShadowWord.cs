namespace Psyne.Flow.ModelChecking;

/// <summary>
/// What the checker knows of eight aligned bytes: who touched them, as in FastTrack (Flanagan, Freund, PLDI 2009)
/// but by byte, and the atomic words in them.
/// </summary>
internal sealed class ShadowWord
{
    private AccessRecord[] _records = new AccessRecord[4];
    private int _count;
    private long _execution = -1;
    private Location? _low;
    private Location? _high;

    /// <summary>The atomic word at the start of the eight bytes, if there is one.</summary>
    public Location? Low => _low is { } low && low.Execution == _execution ? low : null;

    /// <summary>The atomic 32-bit word in the upper half, if there is one.</summary>
    public Location? High => _high is { } high && high.Execution == _execution ? high : null;

    /// <summary>Forgets what earlier executions left.</summary>
    public void Enter(long execution)
    {
        if (_execution != execution)
        {
            _execution = execution;
            _count = 0;
        }
    }

    /// <summary>The atomic word at an address; null if one of another width overlaps it.</summary>
    public Location? Locate(nint address, bool isLong, ref int nextId)
    {
        ref var slot = ref (address & 4) == 0 ? ref _low : ref _high;
        var known = (address & 4) == 0 ? Low : High;
        if (known is not null)
        {
            return known.IsLong == isLong ? known : null;
        }

        if (isLong ? High is not null : Low is { IsLong: true })
        {
            return null;
        }

        slot ??= new Location();
        slot.Reset(address, isLong, nextId++, _execution);
        return slot;
    }

    /// <summary>Remembers an access; true if it races with an earlier one.</summary>
    public bool Access(LogicalThread thread, AccessKind kind, byte mask, int step, out AccessRecord earlier)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            ref var record = ref _records[i];
            var overlaps = (record.Mask & mask) != 0;
            if (overlaps && record.Thread != thread.Index && Conflicts(record.Kind, kind)
                && record.Clock > thread.Clock[record.Thread])
            {
                earlier = record;
                return true;
            }

            // What this access covers and comes after can't race with anything that this one doesn't race with.
            var covered = (record.Mask & ~mask) == 0
                && (kind == AccessKind.PlainWrite || (record.Thread == thread.Index && record.Kind == kind));
            if (!covered)
            {
                _records[kept++] = record;
            }
        }

        if (kept == _records.Length)
        {
            Array.Resize(ref _records, 2 * kept);
        }

        _records[kept] = new AccessRecord
        {
            Clock = thread.Clock[thread.Index],
            Step = step,
            Thread = (byte)thread.Index,
            Kind = kind,
            Mask = mask,
        };
        _count = kept + 1;
        earlier = default;
        return false;
    }

    private static bool Conflicts(AccessKind a, AccessKind b)
    {
        var bothRead = IsRead(a) && IsRead(b);
        var bothAtomic = a >= AccessKind.AtomicRead && b >= AccessKind.AtomicRead;
        return !bothRead && !bothAtomic;
    }

    private static bool IsRead(AccessKind kind) => kind is AccessKind.PlainRead or AccessKind.AtomicRead;
}
