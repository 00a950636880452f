namespace Psyne.Flow;

/// <summary>
/// When <see cref="FullMode.Adaptive"/> stops waiting and starts again. The channel begins by waiting. A claim that finds
/// it full for <see cref="Patience"/> turns it to dropping the newest; it waits again as soon as a claim finds no more
/// than <see cref="LowWater"/> of the capacity in use.
/// </summary>
public sealed record AdaptivePolicy
{
    /// <summary>How long a claim waits before messages are dropped. Default 10 ms.</summary>
    public TimeSpan Patience
    {
        get;
        init => field = value >= TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Patience), value, $"Patience {value} is outside 0 to {int.MaxValue} ms.");
    } = TimeSpan.FromMilliseconds(10);

    /// <summary>The share of the capacity, 0 to 1, at which pressure is over. Default 0.5.</summary>
    public double LowWater
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LowWater), value, $"LowWater {value} is outside 0 to 1.");
    } = 0.5;
}
