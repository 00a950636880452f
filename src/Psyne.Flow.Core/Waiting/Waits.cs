#pragma warning disable RS0030 // one-time flags
using Psyne.Flow.Atomics;

namespace Psyne.Flow.Waiting;

/// <summary>Small things that waiting ends share.</summary>
internal static class Waits
{
    private const int ThickTraffic = 16;
    private const int PausesForBatch = 64;

    /// <summary>A timeout in milliseconds, -1 for ever.</summary>
    internal static int Milliseconds(TimeSpan timeout)
    {
        var milliseconds = timeout.TotalMilliseconds;
        if (timeout == Timeout.InfiniteTimeSpan)
            return -1;
        return milliseconds is >= 0 and <= int.MaxValue
            ? (int)Math.Ceiling(milliseconds)
            : throw new ArgumentOutOfRangeException(nameof(timeout), timeout, $"The timeout {timeout} is outside 0 to {int.MaxValue} ms.");
    }

    /// <summary>
    /// Whether traffic is thick: 16 messages or more went by since this end last found the ring empty, or full. Such an end
    /// does well to pause once before it looks again; one with thin traffic would only lose time.
    /// </summary>
    internal static bool IsThick(long position, ref long positionThen)
    {
        var thick = position - positionThen >= ThickTraffic;
        positionThen = position;
        return thick;
    }

    /// <summary>Leaves the ring to the other side for the time of some dozens of messages.</summary>
    internal static void PauseForBatch()
    {
        for (var i = 0; i < PausesForBatch; i++)
            HardwareAtomics.Pause();
    }

    /// <summary>True for the first caller only.</summary>
    internal static bool Once(ref int flag) => Interlocked.Exchange(ref flag, 1) == 0;
}
