using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Two messages that a join brought together: large ones where they were written, small ones side by side. They are given back together.</summary>
/// <remarks>16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same pair: dispose one of them, once.</remarks>
/// <example><code>
/// var train = new ActionBlock&lt;LeasePair&lt;Image, Label&gt;&gt;(pair =>
/// {
///     using (pair) Train(in pair.First, in pair.Second);
/// });
/// </code></example>
public readonly record struct LeasePair<T1, T2> : IJoinHandle<LeasePair<T1, T2>, T1, T2, NoMessage>
    where T1 : unmanaged
    where T2 : unmanaged
{
    private readonly JoinRecord<T1, T2, NoMessage>? _record;
    private readonly long _handle;

    private LeasePair(JoinRecord<T1, T2, NoMessage> record, long handle) => (_record, _handle) = (record, handle);

    /// <summary>Makes a pair. Allocates; a join uses its records again.</summary>
    /// <param name="first">A message, which the pair owns from now on.</param>
    /// <param name="second">Another.</param>
    public LeasePair(Lease<T1> first, Lease<T2> second) =>
        _record = JoinLeases<T1, T2, NoMessage>.Of(null, first, second, default, out _handle);

    static LeasePair<T1, T2> IJoinHandle<LeasePair<T1, T2>, T1, T2, NoMessage>.Of(JoinRecord<T1, T2, NoMessage> record, long handle) => new(record, handle);

    private JoinRecord<T1, T2, NoMessage> Record => JoinRecord<T1, T2, NoMessage>.Require(_record);

    /// <summary>Whether the pair is held: given by a block and not disposed.</summary>
    public bool IsHeld => _record is { } record && record.IsHeld(_handle);

    /// <summary>The first target's message, where it lies.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    public ref readonly T1 First => ref Record.First(_handle);

    /// <summary>The second target's message, where it lies.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    public ref readonly T2 Second => ref Record.Second(_handle);

    /// <summary>The first message as a lease of its own, to be disposed apart from the pair; of a small message, a copy.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    /// <exception cref="ChannelFullException">All slots for copies of small messages are leased.</exception>
    public Lease<T1> RetainFirst() => Record.RetainFirst(_handle);

    /// <summary>The second message as a lease of its own, to be disposed apart from the pair; of a small message, a copy.</summary>
    /// <inheritdoc cref="RetainFirst" path="/exception"/>
    public Lease<T2> RetainSecond() => Record.RetainSecond(_handle);

    /// <summary>Gives both messages back.</summary>
    /// <exception cref="LeaseException">The pair was disposed before.</exception>
    public void Dispose() => Record.End(_handle);

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Pair of {typeof(T1).Name} and {typeof(T2).Name}" : "Pair, not held";
}
