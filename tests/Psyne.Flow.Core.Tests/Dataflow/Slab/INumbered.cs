using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>A message that carries a number.</summary>
public interface INumbered<T> where T : unmanaged, INumbered<T>
{
    int Number { get; }

    static abstract T Of(int number);
}

/// <summary>Small enough to travel by value from block to block.</summary>
public readonly record struct Small(long Value) : INumbered<Small>
{
    public int Number => (int)Value;

    public static Small Of(int number) => new(number);
}

/// <summary>So large that it stays in its slot.</summary>
[InlineArray(40)]
public struct Large : INumbered<Large>
{
    private int _first;

    public readonly int Number => this[0] == this[39] ? this[0] : throw new InvalidOperationException($"A message is torn: {this[0]} and {this[39]}.");

    public static Large Of(int number)
    {
        var large = default(Large);
        ((Span<int>)large).Fill(number);
        return large;
    }
}
