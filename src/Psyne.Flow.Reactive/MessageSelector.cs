namespace Psyne.Flow.Reactive;

/// <summary>Makes something of a message where it lies. The reference is valid until it returns.</summary>
/// <param name="message">The message, on the slab.</param>
public delegate TResult MessageSelector<T, out TResult>(ref readonly T message);
