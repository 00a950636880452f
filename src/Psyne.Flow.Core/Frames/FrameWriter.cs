using System.Text;
using Psyne.Flow.Channels;
using Psyne.Flow.Frames;
using Psyne.Flow.Waiting;

namespace Psyne.Flow;

/// <summary>The write end of a channel of frames.</summary>
/// <example><code>
/// using (var claim = log.Writer.Claim(length))
/// {
///     await stream.ReadExactlyAsync(buffer);
///     claim.Publish();
/// }
/// log.Writer.Publish("one line of text");
/// </code></example>
public sealed class FrameWriter : SlabWriter
{
    internal FrameWriter(ChannelCore channel) : base(channel) { }

    private protected override bool ClaimsTravel => true;

    /// <summary>The largest frame in bytes.</summary>
    public int MaximumFrameBytes => (int)(Channel.Layout.PayloadBytes - FrameHeader.Size);

    /// <summary>Claims a slot for a frame, waiting for room as the channel's <see cref="FullMode"/> says. Allocates nothing.</summary>
    /// <param name="length">Bytes of the frame, 0 to <see cref="MaximumFrameBytes"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside that.</exception>
    /// <exception cref="SlabChannelClosedException">The channel is completed or disposed.</exception>
    /// <exception cref="ChannelFullException">The channel is full and its policy is <see cref="FullMode.Fail"/>.</exception>
    public FrameClaim Claim(int length, CancellationToken cancellationToken = default)
    {
        CheckLength(Channel, length);
        return new FrameClaim(ClaimOrThrow(travels: true, cancellationToken), length);
    }

    /// <summary>Claims a slot for a frame if there is room now. Doesn't block.</summary>
    /// <returns>False when the channel is full or closed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside 0 to <see cref="MaximumFrameBytes"/>.</exception>
    public bool TryClaim(int length, out FrameClaim claim) => TryClaim(length, TimeSpan.Zero, out claim) == ClaimStatus.Claimed;

    /// <summary>Claims a slot for a frame, waiting up to a timeout.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is outside 0 to <see cref="MaximumFrameBytes"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClaimStatus TryClaim(int length, TimeSpan timeout, out FrameClaim claim, CancellationToken cancellationToken = default)
    {
        CheckLength(Channel, length);
        var status = ClaimWithin(Waits.Milliseconds(timeout), travels: true, out var slot, cancellationToken);
        claim = status == ClaimStatus.Claimed ? new FrameClaim(slot, length) : default;
        return status;
    }

    /// <summary>Publishes a copy of the bytes.</summary>
    /// <inheritdoc cref="Claim" path="/exception"/>
    public void Publish(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken = default)
    {
        using var claim = Claim(bytes.Length, cancellationToken);
        bytes.CopyTo(claim.Bytes);
        claim.Publish();
    }

    /// <summary>Publishes a text as UTF-8, encoded straight into the slot.</summary>
    /// <inheritdoc cref="Claim" path="/exception"/>
    public void Publish(ReadOnlySpan<char> text, CancellationToken cancellationToken = default)
    {
        using var claim = Claim(CheckLength(Channel, Encoding.UTF8.GetByteCount(text)), cancellationToken);
        Encoding.UTF8.GetBytes(text, claim.Bytes);
        claim.Publish();
    }

    internal static int CheckLength(ChannelCore channel, int length)
    {
        var most = channel.Layout.PayloadBytes - FrameHeader.Size;
        return length >= 0 && length <= most ? length : throw new ArgumentOutOfRangeException(nameof(length), length,
            $"A frame of {length} bytes is outside the 0 to {most} of {channel}.");
    }
}
