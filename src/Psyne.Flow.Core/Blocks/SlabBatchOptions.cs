using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow;

/// <summary>TPL Dataflow's options for a batch block, and when a batch that isn't full is sent.</summary>
/// <remarks>Values are checked when they are set, and copied when a block is made.</remarks>
public sealed class SlabBatchOptions : GroupingDataflowBlockOptions
{
    /// <summary>The most bytes of messages in a batch, or <see cref="DataflowBlockOptions.Unbounded"/>. A batch has at least one message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither positive nor -1.</exception>
    public long MaxBytes
    {
        get;
        set => field = value is > 0 or Unbounded
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"MaxBytes {value} is neither positive nor {Unbounded}, which means no bound.");
    } = Unbounded;

    /// <summary>How long a batch's first message waits at most until the batch is sent; <see cref="Timeout.InfiniteTimeSpan"/> for ever, which is the default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, nor infinite, or above 24 days.</exception>
    public TimeSpan MaxDelay
    {
        get;
        set => field = value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value <= TimeSpan.FromDays(24))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"MaxDelay {value} is not above 0 and at most 24 days, nor infinite.");
    } = Timeout.InfiniteTimeSpan;

    /// <summary>Messages of one kind that a batch has at most.</summary>
    internal int MostOf<T>(int count) where T : unmanaged =>
        MaxBytes == Unbounded ? count : (int)Math.Min(count, Math.Max(1, MaxBytes / System.Runtime.CompilerServices.Unsafe.SizeOf<T>()));

    /// <summary>The clock that <see cref="MaxDelay"/> goes by.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;
}
