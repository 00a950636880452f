using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Psyne.Flow.Tests.Contracts;

internal sealed class FixedTensorChannelUnderTest(ChannelMode mode, SlabChannelOptions options)
    : TensorChannelUnderTest<float>(SlabChannel.Create<float>(mode, [5, 7], options))
{
    protected override nint[] ShapeOf(long number) => [5, 7];

    protected override bool TryClaimNow(TensorWriter<float> end, long number, out TensorClaim<float> claim) => end.TryClaim(out claim);

    protected override TensorClaim<float> ClaimNow(TensorWriter<float> end, long number, CancellationToken cancellationToken) => end.Claim(cancellationToken);
}

internal sealed class ShapedTensorChannelUnderTest(ChannelMode mode, SlabChannelOptions options)
    : TensorChannelUnderTest<double>(SlabChannel.CreateTensors<double>(mode, 16, options))
{
    protected override nint[] ShapeOf(long number) => [1 + (nint)(number & 3), 2 + (nint)((number >> 2) & 1), 2];
}

internal abstract class TensorChannelUnderTest<T>(TensorChannel<T> channel) : ChannelUnderTest where T : unmanaged
{
    private WritingEnd? _writer;
    private ReadingEnd? _reader;

    internal override SlabChannel Channel => channel;

    internal override WriteEnd Writer => _writer ??= new WritingEnd(this, channel.Writer);

    internal override ReadEnd Reader => _reader ??= new ReadingEnd(this, channel.Reader);

    internal override WriteEnd OpenWriter() => new WritingEnd(this, channel.OpenWriter());

    internal override ReadEnd OpenReader() => new ReadingEnd(this, channel.OpenReader());

    internal override HeldLease NoLease() => new Held(this, default);

    internal override HeldClaim NoClaim() => new Claimed(default, 0);

    internal override void OnDropped(Action<long, DropReason> told) =>
        channel.TensorDropped += (tensor, reason) => told(NumberOf(tensor), reason);

    protected abstract nint[] ShapeOf(long number);

    protected virtual bool TryClaimNow(TensorWriter<T> end, long number, out TensorClaim<T> claim) =>
        end.TryClaim(ShapeOf(number), TimeSpan.Zero, out claim) == ClaimStatus.Claimed;

    protected virtual TensorClaim<T> ClaimNow(TensorWriter<T> end, long number, CancellationToken cancellationToken) =>
        end.Claim(ShapeOf(number), cancellationToken);

    private long NumberOf(ReadOnlyTensorSpan<T> tensor)
    {
        var flat = new T[(int)tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        var number = Payload.Read(MemoryMarshal.AsBytes<T>(flat));
        Assert.Equal(ShapeOf(number), tensor.Lengths.ToArray());
        return number;
    }

    private sealed class WritingEnd(TensorChannelUnderTest<T> owner, TensorWriter<T> end) : WriteEnd
    {
        internal override SlabWriter End => end;

        internal override HeldClaim Claim(long number, CancellationToken cancellationToken = default) =>
            new Claimed(owner.ClaimNow(end, number, cancellationToken), number);

        internal override bool TryClaim(long number, out HeldClaim claim)
        {
            var claimed = owner.TryClaimNow(end, number, out var tensor);
            claim = new Claimed(tensor, number);
            return claimed;
        }

        internal override ClaimStatus TryClaim(long number, TimeSpan timeout, out HeldClaim claim, CancellationToken cancellationToken = default)
        {
            var status = end.TryClaim(owner.ShapeOf(number), timeout, out var tensor, cancellationToken);
            claim = new Claimed(tensor, number);
            return status;
        }
    }

    private sealed class ReadingEnd(TensorChannelUnderTest<T> owner, TensorReader<T> end) : ReadEnd
    {
        internal override SlabReader End => end;

        internal override bool TryTake(out HeldLease lease)
        {
            var taken = end.TryTake(out var held);
            lease = new Held(owner, held);
            return taken;
        }

        internal override HeldLease Take(CancellationToken cancellationToken = default) => new Held(owner, end.Take(cancellationToken));

        internal override TakeStatus TryTake(TimeSpan timeout, out HeldLease lease, CancellationToken cancellationToken = default)
        {
            var status = end.TryTake(timeout, out var held, cancellationToken);
            lease = new Held(owner, held);
            return status;
        }

        internal override async IAsyncEnumerable<HeldLease> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var lease in end.ReadAllAsync(cancellationToken))
                yield return new Held(owner, lease);
        }

        internal override ChannelListener Listen(Action<long> handle, ListenerOptions? options = null) =>
            end.Listen(tensor => handle(owner.NumberOf(tensor)), options);
    }

    private sealed class Claimed(TensorClaim<T> claim, long number) : HeldClaim
    {
        internal override bool IsOpen => claim.IsOpen;

        internal override void Fill()
        {
            Payload.Fill(MemoryMarshal.AsBytes(claim.Span), number);
            Assert.Equal(claim.Span.Length, (int)claim.Tensor.FlattenedLength);
        }

        internal override void Publish() => claim.Publish();

        public override void Dispose() => claim.Dispose();

        public override string ToString() => claim.ToString();
    }

    private sealed class Held(TensorChannelUnderTest<T> owner, TensorLease<T> lease) : HeldLease
    {
        internal override bool IsHeld => lease.IsHeld;

        internal override long Number
        {
            get
            {
                var number = owner.NumberOf(lease.Tensor);
                Assert.Equal(number, Payload.Read(MemoryMarshal.AsBytes(lease.Span)));
                return number;
            }
        }

        internal override HeldLease Retain() => new Held(owner, lease.Retain());

        public override void Dispose() => lease.Dispose();

        public override string ToString() => lease.ToString();
    }
}
