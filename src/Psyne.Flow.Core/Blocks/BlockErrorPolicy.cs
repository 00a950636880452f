using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>What a block does with a message whose delegate threw.</summary>
/// <remarks>
/// Immutable; thread-safe. Errors that didn't fault the block are counted in its <c>Errors</c>. An
/// <see cref="OperationCanceledException"/> never faults a block: its message is given up, counted, and a dead letter where
/// there is a target for these.
/// </remarks>
public sealed class BlockErrorPolicy
{
    private BlockErrorPolicy(BlockErrorAction action, int retries, TimeSpan delay)
    {
        Action = action;
        Retries = retries;
        Delay = delay;
    }

    /// <summary>The block faults, drops what it holds, and passes the fault on, as TPL's blocks do.</summary>
    public static BlockErrorPolicy Fault { get; } = new(BlockErrorAction.Fault, 0, TimeSpan.Zero);

    /// <summary>The message is dropped and counted; the block goes on.</summary>
    public static BlockErrorPolicy Skip { get; } = new(BlockErrorAction.Skip, 0, TimeSpan.Zero);

    /// <summary>The message goes to the block's <c>DeadLetters</c> target with its exception; the block goes on.</summary>
    public static BlockErrorPolicy DeadLetter { get; } = new(BlockErrorAction.DeadLetter, 0, TimeSpan.Zero);

    /// <summary>The delegate is called again before this policy applies.</summary>
    /// <param name="retries">How often, at least once.</param>
    /// <param name="delay">How long before the first; each further wait is twice as long. No thread waits. The message keeps its place: with a parallelism of 1 the others wait behind it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retries"/> is below 1, or <paramref name="delay"/> negative or above a day.</exception>
    public BlockErrorPolicy After(int retries, TimeSpan delay)
    {
        if (retries < 1)
            throw new ArgumentOutOfRangeException(nameof(retries), retries, $"{retries} retries were asked for; the least is 1.");
        return delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(1)
            ? new(Action, retries, delay)
            : throw new ArgumentOutOfRangeException(nameof(delay), delay, $"A delay of {delay} is outside 0 to a day.");
    }

    internal BlockErrorAction Action { get; }

    internal int Retries { get; }

    internal TimeSpan Delay { get; }

    /// <inheritdoc/>
    public override string ToString() => Retries == 0 ? $"{Action}" : $"{Action} after {Retries} retries, the first after {Delay}";
}
