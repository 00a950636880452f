using System.Diagnostics;
using System.Text;
using Psyne.Flow.Channels;
using Psyne.Flow.Frames;

namespace Psyne.Flow;

/// <summary>A frame that was taken and is read where it lies; as <see cref="Lease{T}"/>.</summary>
/// <remarks>16 bytes; may live on the heap and cross an <c>await</c>. Copies are the same lease: dispose one of them, once.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct FrameLease : IDisposable
{
    private readonly LeaseOwner _owner;
    private readonly long _word;

    internal FrameLease(LeaseOwner owner, long word)
    {
        _owner = owner;
        _word = word;
    }

    /// <summary>The frame's bytes, on the slab. Valid until the lease is disposed.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            var slot = Owner.Resolve(_word);
            return new ReadOnlySpan<byte>(slot + FrameHeader.Size, FrameReader.CheckedLength(Owner.Channel, *(int*)slot));
        }
    }

    /// <summary>The length of the frame in bytes.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    public int Length => Bytes.Length;

    /// <summary>Whether the lease is held: given by a channel and not disposed.</summary>
    public bool IsHeld => _owner is not null && _owner.IsHeld(_word);

    private LeaseOwner Owner => _owner ?? throw new LeaseException("The lease is empty: it was never given by a channel.");

    /// <summary>The frame as UTF-8 text. Allocates the string.</summary>
    /// <exception cref="LeaseException">The lease was disposed, or never given by a channel.</exception>
    public string GetText() => Encoding.UTF8.GetString(Bytes);

    /// <summary>Another lease on the same frame; see <see cref="Lease{T}.Retain"/>.</summary>
    /// <exception cref="LeaseException">The lease was disposed.</exception>
    public FrameLease Retain()
    {
        var owner = Owner.Retain(_word, out var retained);
        return new FrameLease(owner, retained);
    }

    /// <summary>Gives the slot back. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The lease was disposed before. Nothing was changed.</exception>
    public void Dispose() => Owner.Release(_word);

    /// <inheritdoc/>
    public override string ToString() => IsHeld ? $"Lease of a frame of {Length} B" : "Lease of a frame, not held";
}
