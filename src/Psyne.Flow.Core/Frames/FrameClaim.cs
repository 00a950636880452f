using System.Diagnostics;
using System.Text;
using Psyne.Flow.Channels;
using Psyne.Flow.Frames;

namespace Psyne.Flow;

/// <summary>A slot that a frame is being built in. <see cref="Publish"/> sends it; disposing it unpublished gives it back.</summary>
/// <remarks>16 bytes; may cross an <c>await</c> and be published from another thread. Copies are the same claim.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly unsafe record struct FrameClaim : IDisposable
{
    private readonly WriterCore _core;
    private readonly long _ticket;

    internal FrameClaim(SlotClaim claim, int length)
    {
        _core = claim.Core;
        _ticket = claim.Ticket;
        *(long*)claim.Value = length;
    }

    /// <summary>The bytes under construction, as many as were claimed. At first they are whatever the slot held before.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public Span<byte> Bytes
    {
        get
        {
            var slot = Core.Resolve(_ticket);
            return new Span<byte>(slot + FrameHeader.Size, *(int*)slot);
        }
    }

    /// <summary>The length of the frame in bytes.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public int Length => *(int*)Core.Resolve(_ticket);

    /// <summary>Whether the claim is neither published nor aborted.</summary>
    public bool IsOpen => _core is not null && _core.IsOpen(_ticket);

    private WriterCore Core => _core ?? throw new LeaseException("The claim is empty: it was never given by a channel.");

    /// <summary>Changes the length of the frame, as after a receive that brought fewer bytes than there was room for.</summary>
    /// <param name="length">0 to the channel's maximum. Bytes beyond the former length are whatever the slot held.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside that.</exception>
    /// <exception cref="LeaseException">The claim was published or aborted.</exception>
    public void SetLength(int length)
    {
        FrameWriter.CheckLength(Core.Channel, length);
        *(int*)Core.Resolve(_ticket) = length;
    }

    /// <summary>Makes the frame of a text, as UTF-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The text has more bytes than the channel's frames may have.</exception>
    public void SetText(ReadOnlySpan<char> text)
    {
        SetLength(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, Bytes);
    }

    /// <summary>Makes the frame visible to the consumers. Doesn't block; doesn't allocate.</summary>
    /// <exception cref="LeaseException">The claim was published or aborted before.</exception>
    public void Publish() => Core.PublishSampled(_ticket);

    /// <summary>Gives the slot back if the frame was not published.</summary>
    public void Dispose() => _core?.Abort(_ticket);

    /// <inheritdoc/>
    public override string ToString() => IsOpen ? $"Open claim on {_core.Channel}" : "Claim, ended";
}
