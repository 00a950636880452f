namespace Psyne.Flow;

/// <summary>Changes a message where it lies.</summary>
/// <param name="message">The message, on the slab.</param>
public delegate void SlabMutation<T>(ref T message);
