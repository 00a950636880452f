using System.Runtime.CompilerServices;

namespace Psyne.Flow.Tests.Contracts;

internal sealed class FrameChannelUnderTest(ChannelMode mode, int maximum, SlabChannelOptions options) : ChannelUnderTest
{
    private readonly FrameChannel _channel = SlabChannel.CreateFrames(mode, maximum, options);
    private WritingEnd? _writer;
    private ReadingEnd? _reader;

    internal override SlabChannel Channel => _channel;

    internal override WriteEnd Writer => _writer ??= new WritingEnd(_channel.Writer);

    internal override ReadEnd Reader => _reader ??= new ReadingEnd(_channel.Reader);

    internal override WriteEnd OpenWriter() => new WritingEnd(_channel.OpenWriter());

    internal override ReadEnd OpenReader() => new ReadingEnd(_channel.OpenReader());

    internal override HeldLease NoLease() => new Held(default, 0);

    internal override HeldClaim NoClaim() => new Claimed(default, 0);

    internal override void OnDropped(Action<long, DropReason> told) =>
        _channel.FrameDropped += (frame, reason) => told(Number(frame, _channel.MaximumFrameBytes), reason);

    private static int LengthOf(long number, int maximum) => sizeof(long) + (int)((ulong)number * 37 % (ulong)(maximum - sizeof(long) + 1));

    private static long Number(ReadOnlySpan<byte> frame, int maximum)
    {
        var number = Payload.Read(frame);
        Assert.Equal(LengthOf(number, maximum), frame.Length);
        return number;
    }

    private sealed class WritingEnd(FrameWriter end) : WriteEnd
    {
        internal override SlabWriter End => end;

        internal override HeldClaim Claim(long number, CancellationToken cancellationToken = default) =>
            new Claimed(end.Claim(LengthOf(number, end.MaximumFrameBytes), cancellationToken), number);

        internal override bool TryClaim(long number, out HeldClaim claim)
        {
            var claimed = end.TryClaim(LengthOf(number, end.MaximumFrameBytes), out var frame);
            claim = new Claimed(frame, number);
            return claimed;
        }

        internal override ClaimStatus TryClaim(long number, TimeSpan timeout, out HeldClaim claim, CancellationToken cancellationToken = default)
        {
            var status = end.TryClaim(LengthOf(number, end.MaximumFrameBytes), timeout, out var frame, cancellationToken);
            claim = new Claimed(frame, number);
            return status;
        }
    }

    private sealed class ReadingEnd(FrameReader end) : ReadEnd
    {
        private int Maximum => (int)(end.Channel.Layout.PayloadBytes - Psyne.Flow.Frames.FrameHeader.Size);

        internal override SlabReader End => end;

        internal override bool TryTake(out HeldLease lease)
        {
            var taken = end.TryTake(out var held);
            lease = new Held(held, Maximum);
            return taken;
        }

        internal override HeldLease Take(CancellationToken cancellationToken = default) => new Held(end.Take(cancellationToken), Maximum);

        internal override TakeStatus TryTake(TimeSpan timeout, out HeldLease lease, CancellationToken cancellationToken = default)
        {
            var status = end.TryTake(timeout, out var held, cancellationToken);
            lease = new Held(held, Maximum);
            return status;
        }

        internal override async IAsyncEnumerable<HeldLease> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var lease in end.ReadAllAsync(cancellationToken))
                yield return new Held(lease, Maximum);
        }

        internal override ChannelListener Listen(Action<long> handle, ListenerOptions? options = null) =>
            end.Listen(frame => handle(FrameChannelUnderTest.Number(frame, Maximum)), options);
    }

    private sealed class Claimed(FrameClaim claim, long number) : HeldClaim
    {
        internal override bool IsOpen => claim.IsOpen;

        internal override void Fill() => Payload.Fill(claim.Bytes, number);

        internal override void Publish() => claim.Publish();

        public override void Dispose() => claim.Dispose();

        public override string ToString() => claim.ToString();
    }

    private sealed class Held(FrameLease lease, int maximum) : HeldLease
    {
        internal override bool IsHeld => lease.IsHeld;

        internal override long Number => FrameChannelUnderTest.Number(lease.Bytes, maximum);

        internal override HeldLease Retain() => new Held(lease.Retain(), maximum);

        public override void Dispose() => lease.Dispose();

        public override string ToString() => lease.ToString();
    }
}
