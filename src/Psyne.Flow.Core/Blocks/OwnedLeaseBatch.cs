using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Several messages that a batch block put together; large ones where they were written, small ones side by side; they are given back together.</summary>
/// <remarks>16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same batch: dispose one of them, once.</remarks>
/// <example><code>
/// var train = new ActionBlock&lt;OwnedLeaseBatch&lt;Sample&gt;&gt;(batch =>
/// {
///     using (batch)
///         for (int i = 0; i &lt; batch.Count; i++) Train(in batch[i]);
/// });
/// </code></example>
public readonly record struct OwnedLeaseBatch<T> : IDisposable where T : unmanaged
{
    private readonly BatchRecord<T>? _record;
    private readonly long _version;

    internal OwnedLeaseBatch(BatchRecord<T> record, long version)
    {
        _record = record;
        _version = version;
    }

    private BatchRecord<T> Record =>
        _record is { } record && record.Version == _version ? record : throw new LeaseException("The batch is not held: it was disposed, or never given by a block.");

    /// <summary>Whether the batch is held: given by a block and not disposed.</summary>
    public bool IsHeld => _record is { } record && record.Version == _version;

    /// <summary>How many messages there are: at least one.</summary>
    /// <exception cref="LeaseException">The batch was disposed.</exception>
    public int Count => Record.Count;

    /// <summary>One of the messages, where it lies.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1, oldest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the batch.</exception>
    /// <exception cref="LeaseException">The batch was disposed.</exception>
    public ref readonly T this[int index] => ref Record.At(index);

    /// <summary>One of the messages as a lease of its own, to be disposed apart from the batch.</summary>
    /// <inheritdoc cref="this[int]" path="/exception"/>
    /// <exception cref="ChannelFullException">All slots for copies of small messages are leased.</exception>
    public Lease<T> Retain(int index) => Record.Retain(index);

    /// <summary>Gives all the slots back.</summary>
    /// <exception cref="LeaseException">The batch was disposed before.</exception>
    public void Dispose() => Record.End(_version);

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Batch of {Count}" : "Batch, not held";
}
