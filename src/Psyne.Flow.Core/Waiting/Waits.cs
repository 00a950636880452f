#pragma warning disable RS0030 // one-time flags
namespace Psyne.Flow.Waiting;

/// <summary>Small things that waiting ends share.</summary>
internal static class Waits
{
    private const int ThickTraffic = 16;
    private const int PausesInThickTraffic = 64;

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
    /// How often a consumer that found nothing pauses before it looks again: many times after thick traffic (16 messages or
    /// more since it last found nothing), once after thin.
    /// </summary>
    internal static int CatchUpPauses(long taken, ref long takenWhenEmpty)
    {
        var thick = taken - takenWhenEmpty >= ThickTraffic;
        takenWhenEmpty = taken;
        return thick ? PausesInThickTraffic : 1;
    }

    /// <summary>True for the first caller only.</summary>
    internal static bool Once(ref int flag) => Interlocked.Exchange(ref flag, 1) == 0;
}
