using System.Diagnostics;
using System.Numerics.Tensors;
using Psyne.Flow.Channels;

namespace Psyne.Flow;

/// <summary>A tensor that was taken and is read where it lies; as <see cref="Lease{T}"/>.</summary>
/// <remarks>16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same lease: dispose one of them, once.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct TensorLease<T> : IDisposable where T : unmanaged
{
    private readonly LeaseOwner _owner;
    private readonly long _word;

    internal TensorLease(LeaseOwner owner, long word)
    {
        _owner = owner;
        _word = word;
    }

    /// <summary>The tensor, on the slab. Up to 4 dimensions it allocates nothing.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    public ReadOnlyTensorSpan<T> Tensor => Owner.Channel.Tensors!.ReadOnlySpan<T>(Owner.Resolve(_word));

    /// <summary>The same elements in a row, row by row.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    /// <exception cref="OverflowException">The tensor has more elements than a span can have.</exception>
    public ReadOnlySpan<T> Span => Owner.Channel.Tensors!.Flat<T>(Owner.Resolve(_word));

    /// <summary>Whether the lease is held: given by a channel and not disposed.</summary>
    public bool IsHeld => _owner is not null && _owner.IsHeld(_word);

    private LeaseOwner Owner => _owner ?? throw new LeaseException("The lease is empty: it was never given by a channel.");

    /// <summary>Another lease on the same tensor, to be disposed on its own, on any thread. Nothing is copied.</summary>
    /// <exception cref="LeaseException">The lease was disposed.</exception>
    public TensorLease<T> Retain()
    {
        var owner = Owner.Retain(_word, out var retained);
        return new TensorLease<T>(owner, retained);
    }

    /// <summary>Gives the slot back. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The lease was disposed before. Nothing was changed.</exception>
    public void Dispose() => Owner.Release(_word);

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Lease of a tensor of {Span.Length} {typeof(T).Name}" : "Lease of a tensor, not held";
}
