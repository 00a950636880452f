namespace Psyne.Flow;

/// <summary>A slab was returned to a <see cref="SlabPool"/> that had not rented it out. The pool is unchanged.</summary>
/// <param name="message">Which slab it is, and what is wrong with it.</param>
public sealed class SlabPoolException(string message) : InvalidOperationException(message);
