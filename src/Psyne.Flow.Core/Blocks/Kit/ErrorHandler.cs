#pragma warning disable RS0030 // a counter; nothing on the slab is ordered by it
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>Does what a block's policy says about messages whose delegate threw.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ErrorHandler<T>(BlockErrorPolicy policy) where T : unmanaged
{
    private long _errors;

    internal long Errors => Volatile.Read(ref _errors);

    /// <summary>Where letters go; null where nobody was named.</summary>
    internal ITargetBlock<DeadLetter<T>>? DeadLetters { get; set; }

    /// <summary>Whether the delegate is to be called again, after a delay that doubles from time to time.</summary>
    internal bool Retries(ref int failures, out TimeSpan delay)
    {
        delay = default;
        if (failures >= policy.Retries)
            return false;
        var doublings = Math.Min(failures++, 20);
        var longest = TimeSpan.TicksPerDay;
        delay = TimeSpan.FromTicks(policy.Delay.Ticks > longest >> doublings ? longest : policy.Delay.Ticks << doublings);
        return true;
    }

    /// <summary>Whether the block goes on. The lease is made, and passed on, only for a dead letter.</summary>
    internal bool Survives(Exception fault, Func<Lease<T>?>? letter)
    {
        // A delegate that was cancelled gives up its message; the block goes on, as TPL's does, but it is counted (C45).
        if (policy.Action == BlockErrorAction.Fault && fault is not OperationCanceledException)
            return false;
        Interlocked.Increment(ref _errors);
        if (DeadLetters is not null && policy.Action != BlockErrorAction.Skip && letter?.Invoke() is { } lease && !DeadLetters.Post(new DeadLetter<T>(lease, fault)))
            lease.Dispose();
        return true;
    }
}
