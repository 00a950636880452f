using System.Globalization;

namespace Psyne.Flow.Uris;

/// <summary>The values of options: sizes and times with their units.</summary>
internal static class ChannelUriValues
{
    internal const int MaxCapacity = 1 << 30;

    internal const string ByteUnits = "B, KiB, MiB, GiB and TiB";
    internal const string TimeUnits = "us, ms, s, min and h";

    /// <summary>Digits and a unit; false for anything else, -1 for a number above the largest long.</summary>
    internal static bool TryReadBytes(string text, out long bytes)
    {
        var digits = CountDigits(text);
        var shift = text.AsSpan(digits) switch
        {
            "" or "B" => 0,
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            "TiB" => 40,
            _ => -1,
        };
        bytes = 0;
        if (digits == 0 || shift < 0)
        {
            return false;
        }

        bytes = Multiply(text.AsSpan(0, digits), 1L << shift);
        return true;
    }

    /// <summary>Digits and a unit, or "infinite"; false for anything else, -1 tick for a time above the longest TimeSpan.</summary>
    internal static bool TryReadTime(string text, out TimeSpan time)
    {
        if (text.Equals("infinite", StringComparison.OrdinalIgnoreCase))
        {
            time = Timeout.InfiniteTimeSpan;
            return true;
        }

        var digits = CountDigits(text);
        long ticks = text.AsSpan(digits) switch
        {
            "us" => TimeSpan.TicksPerMicrosecond,
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "min" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "" when text.AsSpan().Trim('0').IsEmpty => 1,
            _ => 0,
        };
        time = default;
        if (digits == 0 || ticks == 0)
        {
            return false;
        }

        time = new TimeSpan(Multiply(text.AsSpan(0, digits), ticks));
        return true;
    }

    private static int CountDigits(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits < 0 ? text.Length : digits;
    }

    private static long Multiply(ReadOnlySpan<char> digits, long unit) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / unit
            ? number * unit
            : -1;
}
