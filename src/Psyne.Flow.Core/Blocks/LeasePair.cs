namespace Psyne.Flow;

/// <summary>Two messages that a join brought together. Disposing it disposes both.</summary>
/// <param name="First">The first target's message.</param>
/// <param name="Second">The second target's message.</param>
public readonly record struct LeasePair<T1, T2>(Lease<T1> First, Lease<T2> Second) : IDisposable
    where T1 : unmanaged
    where T2 : unmanaged
{
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
