namespace Psyne.Flow;

/// <summary>Two messages that a join brought together. Disposing it disposes both.</summary>
public readonly record struct LeasePair<T1, T2> : IDisposable
    where T1 : unmanaged
    where T2 : unmanaged
{
    /// <summary>Makes a pair.</summary>
    /// <param name="first">A message, which the pair owns from now on.</param>
    /// <param name="second">Another.</param>
    public LeasePair(Lease<T1> first, Lease<T2> second)
    {
        First = first;
        Second = second;
    }

    /// <summary>The first target's message.</summary>
    public Lease<T1> First { get; }

    /// <summary>The second target's message.</summary>
    public Lease<T2> Second { get; }

    /// <summary>Gives both slots back.</summary>
    /// <exception cref="LeaseException">One of them was disposed before; the other is disposed nevertheless.</exception>
    public void Dispose()
    {
        try
        {
            First.Dispose();
        }
        finally
        {
            Second.Dispose();
        }
    }
}
