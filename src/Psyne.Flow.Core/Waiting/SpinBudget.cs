#pragma warning disable RS0030 // a count of spinning threads: a hint, ordered by nothing
using System.Diagnostics;
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Waiting;

/// <summary>The spinning and yielding part of a wait. When as many threads spin as there are cores, nobody spins for long.</summary>
internal static class SpinBudget
{
    private const int PausesPerLook = 8;
    private const int CrowdedSpins = 4;
    private const int CrowdedYields = 32;

    private static int s_spinners;

    /// <summary>True as soon as the target is ready; false when the budget or the time is used up.</summary>
    internal static bool Spin(IWaitTarget target, IdleStrategy idle, long deadline, CancellationToken cancellationToken)
    {
        var crowded = Interlocked.Increment(ref s_spinners) >= Environment.ProcessorCount;
        try
        {
            var spins = crowded ? Math.Min(idle.Spins, CrowdedSpins) : idle.Spins;
            var endless = idle.Spins == int.MaxValue && !crowded;
            for (var i = 0; endless || i < spins; i++)
            {
                for (var pause = 0; pause < PausesPerLook; pause++)
                    HardwareAtomics.Pause();
                if (target.IsReady)
                    return true;
                if ((i & 63) == 63 && IsOver(deadline, cancellationToken))
                    return false;
                if (endless && (i & 0xFFFFF) == 0xFFFFF)
                    Thread.Yield();
            }
        }
        finally
        {
            Interlocked.Decrement(ref s_spinners);
        }
        // A yield gives the core to whoever can use it, and costs little where nobody can.
        var yields = crowded ? Math.Max(idle.Yields, CrowdedYields) : idle.Yields;
        if (idle is { Spins: 0, Yields: 0 })
            yields = 0;
        for (var i = 0; !idle.Parks || i < yields; i++)
        {
            Thread.Yield();
            if (target.IsReady)
                return true;
            if (IsOver(deadline, cancellationToken))
                return false;
        }
        return false;
    }

    private static bool IsOver(long deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return deadline != long.MaxValue && Stopwatch.GetTimestamp() >= deadline;
    }
}
