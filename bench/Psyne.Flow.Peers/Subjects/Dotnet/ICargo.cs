namespace Psyne.Flow.Peers.Subjects.Dotnet;

/// <summary>
/// What a .NET queue carries, and where it comes from: a value, a fresh array, a pooled one. A struct, so that the JIT
/// compiles each queue for its cargo with nothing virtual in between.
/// </summary>
internal interface ICargo<T>
{
    /// <summary>Makes and writes one message, on the producer's thread.</summary>
    T Load(ulong stamp);

    /// <summary>Reads one message and gives back what it lay in, on the consumer's thread; returns the stamp, or 0 if it is damaged.</summary>
    ulong Unload(in T item);
}
