using System.Diagnostics;
using Psyne.Flow.Channels;

namespace Psyne.Flow;

/// <summary>
/// A claim that may live on the heap, cross an <c>await</c>, and be published from another thread: for asynchronous
/// transforms and for sockets that receive into the slab.
/// </summary>
/// <remarks>16 bytes. Copies are the same claim. One that is dropped without <see cref="Publish"/> or <see cref="Dispose"/> keeps its slot.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct OwnedClaim<T> : IDisposable where T : unmanaged
{
    private readonly WriterCore _core;
    private readonly long _ticket;

    internal OwnedClaim(in SlotClaim claim)
    {
        _core = claim.Core;
        _ticket = claim.Ticket;
    }

    /// <summary>The message under construction, on the slab. Don't keep the reference across an await.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public ref T Value => ref *(T*)Core.Resolve(_ticket);

    /// <summary>Whether the claim is neither published nor aborted.</summary>
    public bool IsOpen => _core is not null && _core.IsOpen(_ticket);

    private WriterCore Core => _core ?? throw new LeaseException("The claim is empty: it was never given by a channel.");

    /// <summary>Makes the message visible to the consumers. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted before.</exception>
    public void Publish() => Core.PublishSampled(_ticket);

    /// <summary>Gives the slot back if the message was not published.</summary>
    public void Dispose() => _core?.Abort(_ticket);

    /// <inheritdoc/>
    public override string ToString() => IsOpen ? $"Open claim on {_core.Channel}" : "Claim, ended";
}
