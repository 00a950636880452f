namespace Psyne.Flow;

/// <summary>A slab was returned to a <see cref="SlabPool"/> that had not rented it out. The pool is unchanged.</summary>
public sealed class SlabPoolException : InvalidOperationException
{
    /// <summary>Creates an exception with a general text.</summary>
    public SlabPoolException()
        : this("The pool has not rented out this slab.")
    {
    }

    /// <summary>Creates an exception with a text.</summary>
    /// <param name="message">Which slab it is, and what is wrong with it.</param>
    public SlabPoolException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a text and its cause.</summary>
    /// <param name="message">Which slab it is, and what is wrong with it.</param>
    /// <param name="innerException">The cause.</param>
    public SlabPoolException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
