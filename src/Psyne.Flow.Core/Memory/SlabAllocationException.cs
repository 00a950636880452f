namespace Psyne.Flow;

/// <summary>The system refused the memory of a <see cref="Slab"/>. Nothing was allocated.</summary>
public sealed class SlabAllocationException : OutOfMemoryException
{
    internal SlabAllocationException(long bytes, string call, int errno, string reason)
        : base($"A slab of {bytes:N0} bytes could not be allocated: {call} failed with errno {errno} ({reason}).")
    {
        RequestedBytes = bytes;
        ErrorNumber = errno;
    }

    internal SlabAllocationException(long bytes, OutOfMemoryException cause)
        : base($"A slab of {bytes:N0} bytes could not be allocated: {cause.Message}", cause) => RequestedBytes = bytes;

    /// <summary>Gets the length that was asked for, in bytes.</summary>
    public long RequestedBytes { get; }

    /// <summary>Gets the system's errno; 0 when the failure did not come from a system call.</summary>
    public int ErrorNumber { get; }
}
