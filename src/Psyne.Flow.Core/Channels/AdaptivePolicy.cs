namespace Psyne.Flow;

/// <summary>
/// When <see cref="FullMode.Adaptive"/> stops waiting and starts again. The channel begins by waiting. A claim that finds
/// it full for <see cref="Patience"/> turns it to dropping the newest; claims wait again once nothing had to be dropped for
/// <see cref="Recovery"/>.
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

    /// <summary>How long no message must have been dropped before claims wait again. Default 100 ms.</summary>
    public TimeSpan Recovery
    {
        get;
        init => field = value >= TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Recovery), value, $"Recovery {value} is outside 0 to {int.MaxValue} ms.");
    } = TimeSpan.FromMilliseconds(100);
}
