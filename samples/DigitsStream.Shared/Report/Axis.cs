namespace Psyne.Flow.Samples.Digits;

/// <summary>One direction of a chart: values on one side, places on the other, and round values between.</summary>
internal sealed class Axis
{
    private readonly double _low, _high, _from, _to;

    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest; made greater than the least where it isn't.</param>
    /// <param name="from">Where the least is drawn.</param>
    /// <param name="to">Where the greatest is drawn.</param>
    public Axis(double low, double high, double from, double to) =>
        (_low, _high, _from, _to) = (low, high > low ? high : low + 1, from, to);

    public double At(double value) => _from + (value - _low) / (_high - _low) * (_to - _from);

    /// <summary>Round values, about as many as asked for.</summary>
    public IEnumerable<double> Ticks(int about)
    {
        var step = RoundStep((_high - _low) / about);
        for (var value = Math.Ceiling(_low / step) * step; value <= _high + step * 1e-6; value += step)
            yield return value;
    }

    /// <summary>A bound for values up to some greatest one, so that the axis ends at a round value.</summary>
    public static double RoundUp(double greatest, int about)
    {
        if (!(greatest > 0))
            return 1;
        var step = RoundStep(greatest / about);
        return Math.Ceiling(greatest / step - 1e-9) * step;
    }

    /// <summary>1, 2 or 5 times a power of ten.</summary>
    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
