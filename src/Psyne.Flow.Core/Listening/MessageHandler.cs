namespace Psyne.Flow;

/// <summary>Handles a message where it lies. The reference is valid until the handler returns.</summary>
/// <param name="message">The message, on the slab.</param>
public delegate void MessageHandler<T>(ref readonly T message);
