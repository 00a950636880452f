using Psyne.Flow.Blocks;

namespace Psyne.Flow;

/// <summary>Three messages that a join brought together: large ones where they were written, small ones side by side. They are given back together.</summary>
/// <remarks>16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same triple: dispose one of them, once.</remarks>
public readonly record struct LeaseTriple<T1, T2, T3> : IJoinHandle<LeaseTriple<T1, T2, T3>, T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    private readonly JoinRecord<T1, T2, T3>? _record;
    private readonly long _handle;

    private LeaseTriple(JoinRecord<T1, T2, T3> record, long handle) => (_record, _handle) = (record, handle);

    /// <summary>Makes a triple. Allocates; a join uses its records again.</summary>
    /// <param name="first">A message, which the triple owns from now on.</param>
    /// <param name="second">Another.</param>
    /// <param name="third">Another.</param>
    public LeaseTriple(Lease<T1> first, Lease<T2> second, Lease<T3> third) =>
        _record = JoinLeases<T1, T2, T3>.Of(null, first, second, third, out _handle);

    static LeaseTriple<T1, T2, T3> IJoinHandle<LeaseTriple<T1, T2, T3>, T1, T2, T3>.Of(JoinRecord<T1, T2, T3> record, long handle) => new(record, handle);

    private JoinRecord<T1, T2, T3> Record => JoinRecord<T1, T2, T3>.Require(_record);

    /// <summary>Whether the triple is held: given by a block and not disposed.</summary>
    public bool IsHeld => _record is { } record && record.IsHeld(_handle);

    /// <summary>The first target's message, where it lies.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    public ref readonly T1 First => ref Record.First(_handle);

    /// <summary>The second target's message, where it lies.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    public ref readonly T2 Second => ref Record.Second(_handle);

    /// <summary>The third target's message, where it lies.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    public ref readonly T3 Third => ref Record.Third(_handle);

    /// <summary>The first message as a lease of its own, to be disposed apart from the triple; of a small message, a copy.</summary>
    /// <exception cref="LeaseException">The pair was disposed.</exception>
    /// <exception cref="ChannelFullException">All slots for copies of small messages are leased.</exception>
    public Lease<T1> RetainFirst() => Record.RetainFirst(_handle);

    /// <summary>The second message as a lease of its own, to be disposed apart from the triple; of a small message, a copy.</summary>
    /// <inheritdoc cref="RetainFirst" path="/exception"/>
    public Lease<T2> RetainSecond() => Record.RetainSecond(_handle);

    /// <summary>The third message as a lease of its own, to be disposed apart from the triple; of a small message, a copy.</summary>
    /// <inheritdoc cref="RetainFirst" path="/exception"/>
    public Lease<T3> RetainThird() => Record.RetainThird(_handle);

    /// <summary>Gives all three messages back.</summary>
    /// <exception cref="LeaseException">The pair was disposed before.</exception>
    public void Dispose() => Record.End(_handle);

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Triple of {typeof(T1).Name}, {typeof(T2).Name} and {typeof(T3).Name}" : "Triple, not held";
}
