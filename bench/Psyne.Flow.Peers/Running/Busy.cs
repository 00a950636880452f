using System.Diagnostics;

namespace Psyne.Flow.Peers.Running;

/// <summary>Waiting without giving up the core, and what the clock itself costs.</summary>
internal static class Busy
{
    public static void For(ulong nanoseconds)
    {
        var begin = Stopwatch.GetTimestamp();
        while (ToNanoseconds(Stopwatch.GetTimestamp() - begin) < nanoseconds)
        {
            Thread.SpinWait(1);
        }
    }

    public static ulong ToNanoseconds(long ticks) =>
        Stopwatch.Frequency == 1_000_000_000 ? (ulong)ticks : (ulong)(ticks * (1e9 / Stopwatch.Frequency));

    /// <summary>Nanoseconds of one clock reading: every round trip contains about one, in the limits as in the subjects.</summary>
    public static double ClockCost()
    {
        // The best of many short tries: on a busy machine the mean would say how busy it is.
        const int Tries = 200, Readings = 1000;
        var best = double.MaxValue;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var begin = Stopwatch.GetTimestamp();
            for (var i = 0; i < Readings; i++)
            {
                _ = Stopwatch.GetTimestamp();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalNanoseconds / Readings);
        }

        return best;
    }
}
