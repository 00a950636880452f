#pragma warning disable RS0030 // one-time flags
namespace Psyne.Flow.Waiting;

/// <summary>Small things that waiting ends share.</summary>
internal static class Waits
{
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

    /// <summary>True for the first caller only.</summary>
    internal static bool Once(ref int flag) => Interlocked.Exchange(ref flag, 1) == 0;
}
