namespace Psyne.Flow;

/// <summary>The system refused the memory of a <see cref="Slab"/>. Nothing was allocated.</summary>
public sealed class SlabAllocationException : OutOfMemoryException
{
    /// <summary>Creates an exception with a general text.</summary>
    public SlabAllocationException()
        : this("The system refused the memory of a slab.")
    {
    }

    /// <summary>Creates an exception with a text.</summary>
    /// <param name="message">What was asked for, and what the system said.</param>
    public SlabAllocationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a text and its cause.</summary>
    /// <param name="message">What was asked for, and what the system said.</param>
    /// <param name="innerException">The cause.</param>
    public SlabAllocationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SlabAllocationException(long bytes, string call, int errno, string reason)
        : base($"A slab of {bytes:N0} bytes could not be allocated: {call} failed with errno {errno} ({reason}).")
    {
        RequestedBytes = bytes;
        ErrorNumber = errno;
    }

    /// <summary>Gets the length that was asked for, in bytes; 0 when not known.</summary>
    public long RequestedBytes { get; internal init; }

    /// <summary>Gets the system's errno; 0 when the failure did not come from a system call.</summary>
    public int ErrorNumber { get; }
}
