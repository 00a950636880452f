namespace Psyne.Flow;

/// <summary>How much a subscription to an observable of retained leases may hold, and what happens when it holds that.</summary>
public sealed record RetainedOptions
{
    internal static RetainedOptions Default { get; } = new();

    /// <summary>
    /// The bytes of messages that one subscription may hold, 1 or more; one message is always allowed. Default 64 MiB.
    /// Messages that lie in the ring are copied to a side pool, which holds as many as the channel does and at least 64:
    /// when that is full, it counts as an exhausted budget.
    /// </summary>
    public long ByteBudget
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ByteBudget), value, $"ByteBudget {value} is below 1.");
    } = 64L << 20;

    /// <summary>
    /// How long a subscription that holds its whole budget may keep every observer of the source waiting before it fails
    /// with a <see cref="LeaseBudgetException"/>. <see cref="Timeout.InfiniteTimeSpan"/>, the default, is pure
    /// back-pressure: an operator that wants more at once than the budget (a Buffer of a thousand, a budget of ten) then
    /// waits for ever. Zero fails at once.
    /// </summary>
    public TimeSpan ReturnTimeout
    {
        get;
        init
        {
            _ = Waiting.Waits.Milliseconds(value);
            field = value;
        }
    } = Timeout.InfiniteTimeSpan;
}
