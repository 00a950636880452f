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
        const int Readings = 200_000;
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < Readings; i++)
        {
            _ = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds / Readings;
    }
}
