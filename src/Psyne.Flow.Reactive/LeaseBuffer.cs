using System.Collections;

namespace Psyne.Flow.Reactive;

/// <summary>Leases that were gathered by <c>BufferRetained</c>. Disposing it disposes them all.</summary>
/// <remarks>One thread at a time reads it; it may be disposed on any thread, more than once.</remarks>
/// <example><code>
/// using (buffer)
///     foreach (var lease in buffer) Use(in lease.Value);
/// </code></example>
public sealed class LeaseBuffer<T> : IReadOnlyList<Lease<T>>, IDisposable where T : unmanaged
{
    private readonly List<Lease<T>> _leases;
    private int _disposed;

    internal LeaseBuffer(List<Lease<T>> leases) => _leases = leases;

    /// <summary>How many leases it has.</summary>
    public int Count => _leases.Count;

    /// <summary>A lease, the oldest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lease.</exception>
    public Lease<T> this[int index] => _leases[index];

    /// <summary>Disposes all leases that the holder hasn't disposed himself. Doesn't block.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (var lease in _leases)
            if (lease.IsHeld)
                lease.Dispose();
    }

    /// <summary>The leases, the oldest first.</summary>
    public IEnumerator<Lease<T>> GetEnumerator() => _leases.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} leases";
}
