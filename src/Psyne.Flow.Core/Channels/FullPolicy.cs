using System.Diagnostics;

namespace Psyne.Flow.Channels;

/// <summary>What a claim does on a full channel: the policies of <see cref="FullMode"/>.</summary>
internal static class FullPolicy
{
    internal static ClaimStatus ClaimWhenFull(
        this ChannelCore channel, SlabWriter writer, int milliseconds, bool travels, out SlotClaim claim, CancellationToken cancellationToken) =>
        channel.Options.FullMode switch
        {
            FullMode.Wait => Wait(channel, writer, milliseconds, travels, out claim, cancellationToken),
            FullMode.DropNewest => Drop(channel, DropReason.Newest, out claim),
            FullMode.DropOldest => DropOldest(channel, writer, travels, out claim),
            FullMode.Adaptive => Adapt(channel, writer, milliseconds, travels, out claim, cancellationToken),
            _ => Fail(out claim),
        };

    private static ClaimStatus Fail(out SlotClaim claim)
    {
        claim = default;
        return ClaimStatus.Full;
    }

    private static ClaimStatus Wait(
        ChannelCore channel, SlabWriter writer, int milliseconds, bool travels, out SlotClaim claim, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = milliseconds < 0 ? -1 : (int)Math.Max(0, milliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var woken = writer.Core.Space.Wait(writer.ToClaim(travels), channel.Idle, left, cancellationToken);
            // An end that was disposed meanwhile may have handed its ring to another producer.
            ObjectDisposedException.ThrowIf(writer.IsEndDisposed && !channel.IsClosed, writer);
            var status = writer.Core.TryClaim(travels, out claim);
            if (status != ClaimStatus.Full || !woken || left == 0)
                return status;
        }
    }

    private static ClaimStatus Drop(ChannelCore channel, DropReason reason, out SlotClaim claim)
    {
        if (!channel.IsClosed)
            return channel.Side.DropWriter.TryClaim(reason, out claim);
        claim = default;
        return ClaimStatus.Closed;
    }

    private static ClaimStatus DropOldest(ChannelCore channel, SlabWriter writer, bool travels, out SlotClaim claim)
    {
        while (channel.DropOldest?.Invoke() == true)
        {
            var status = writer.Core.TryClaim(travels, out claim);
            if (status != ClaimStatus.Full)
                return status;
        }
        return Drop(channel, DropReason.AllLeased, out claim);
    }

    private static ClaimStatus Adapt(
        ChannelCore channel, SlabWriter writer, int milliseconds, bool travels, out SlotClaim claim, CancellationToken cancellationToken)
    {
        if (channel.IsShedding && Stopwatch.GetElapsedTime(channel.LastShed) > channel.Options.Adaptive.Recovery)
            channel.SetShedding(false);
        if (!channel.IsShedding)
        {
            var patience = (int)channel.Options.Adaptive.Patience.TotalMilliseconds;
            var impatient = milliseconds < 0 || milliseconds >= patience;
            var status = Wait(channel, writer, impatient ? patience : milliseconds, travels, out claim, cancellationToken);
            if (status != ClaimStatus.Full || !impatient)
                return status;
            channel.SetShedding(true);
        }
        channel.LastShed = Stopwatch.GetTimestamp();
        return Drop(channel, DropReason.Newest, out claim);
    }
}
