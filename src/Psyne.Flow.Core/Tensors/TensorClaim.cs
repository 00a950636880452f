using System.Diagnostics;
using System.Numerics.Tensors;
using Psyne.Flow.Channels;

namespace Psyne.Flow;

/// <summary>A slot that a tensor is being built in. <see cref="Publish"/> sends it; disposing it unpublished gives it back.</summary>
/// <remarks>16 bytes; may cross an <c>await</c> and be published from another thread. Copies are the same claim.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct TensorClaim<T> : IDisposable where T : unmanaged
{
    private readonly WriterCore _core;
    private readonly long _ticket;

    internal TensorClaim(SlotClaim claim)
    {
        _core = claim.Core;
        _ticket = claim.Ticket;
    }

    /// <summary>The tensor under construction, on the slab; its shape is the channel's, or the one that was claimed. Up to 4 dimensions it allocates nothing.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public TensorSpan<T> Tensor => Core.Channel.Tensors!.Span<T>(Core.Resolve(_ticket));

    /// <summary>The same elements in a row, row by row.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    /// <exception cref="OverflowException">The tensor has more elements than a span can have.</exception>
    public Span<T> Span => Core.Channel.Tensors!.Flat<T>(Core.Resolve(_ticket));

    /// <summary>Whether the claim is neither published nor aborted.</summary>
    public bool IsOpen => _core is not null && _core.IsOpen(_ticket);

    private WriterCore Core => _core ?? throw new LeaseException("The claim is empty: it was never given by a channel.");

    /// <summary>Makes the tensor visible to the consumers. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted before.</exception>
    public void Publish() => Core.PublishSampled(_ticket);

    /// <summary>Gives the slot back if the tensor was not published.</summary>
    public void Dispose() => _core?.Abort(_ticket);

    /// <inheritdoc/>
    public override string ToString() => IsOpen ? $"Open claim on {_core.Channel}" : "Claim, ended";
}
