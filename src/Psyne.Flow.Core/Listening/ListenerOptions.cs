namespace Psyne.Flow;

/// <summary>Where a listener's handler runs.</summary>
public sealed record ListenerOptions
{
    internal static ListenerOptions Default { get; } = new();

    /// <summary>
    /// Runs on this scheduler (<see cref="TaskScheduler.Default"/> is the thread pool, <c>WorkerPool.Scheduler</c>
    /// a pool of one's own), holding a thread only while there are messages. Null, the default, is a dedicated thread.
    /// </summary>
    public TaskScheduler? Scheduler { get; init; }

    /// <summary>The most messages that are handled before others get their turn on the scheduler, 1 or more. Default 256.</summary>
    public int MaxMessagesPerTurn
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxMessagesPerTurn), value, $"MaxMessagesPerTurn {value} is below 1.");
    } = 256;
}
