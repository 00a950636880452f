namespace Psyne.Flow.Blocks;

/// <summary>The runs of one join: spare ones, their slots, and slots for copies of single messages.</summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // the block's end disposes its memory
internal sealed class JoinRuns<T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly Stack<JoinRun<T1, T2, T3>> _spare = [];
    private readonly BlockSlab<JoinedValues<T1, T2, T3>> _slots;

    internal JoinRuns(BlockSettings settings, BlockCompletion end, BlockSlab<T1> firsts, BlockSlab<T2> seconds, BlockSlab<T3> thirds)
    {
        _slots = new BlockSlab<JoinedValues<T1, T2, T3>>(settings, end, RunWord<Atomics.HardwareAtomics>.Handles);
        (Firsts, Seconds, Thirds) = (firsts, seconds, thirds);
    }

    internal BlockSlab<T1> Firsts { get; }

    internal BlockSlab<T2> Seconds { get; }

    internal BlockSlab<T3> Thirds { get; }

    /// <summary>A run to fill. Null when all slots are leased; <paramref name="look"/> is called when one may be free.</summary>
    internal JoinRun<T1, T2, T3>? Rent(Action look)
    {
        if (!_slots.TryClaim(out var claim))
        {
            _slots.WhenFree(look);
            return null;
        }
        JoinRun<T1, T2, T3>? run;
        lock (_lock)
            if (!_spare.TryPop(out run))
                run = new JoinRun<T1, T2, T3>(this);
        run.Begin(_slots.ToLease(claim));
        return run;
    }

    internal void Return(JoinRun<T1, T2, T3> run)
    {
        lock (_lock)
            _spare.Push(run);
    }
}
