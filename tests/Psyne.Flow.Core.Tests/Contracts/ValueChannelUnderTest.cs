using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Psyne.Flow.Tests.Contracts;

internal sealed class ValueChannelUnderTest<T>(ChannelMode mode, SlabChannelOptions options) : ChannelUnderTest where T : unmanaged
{
    private readonly SlabChannel<T> _channel = SlabChannel.Create<T>(mode, options);
    private WritingEnd? _writer;
    private ReadingEnd? _reader;

    internal override SlabChannel Channel => _channel;

    internal SlabChannel<T> Typed => _channel;

    internal override WriteEnd Writer => _writer ??= new WritingEnd(_channel.Writer);

    internal override ReadEnd Reader => _reader ??= new ReadingEnd(_channel.Reader);

    internal override WriteEnd OpenWriter() => new WritingEnd(_channel.OpenWriter());

    internal override ReadEnd OpenReader() => new ReadingEnd(_channel.OpenReader());

    internal override HeldLease NoLease() => new Held(default);

    internal override HeldClaim NoClaim() => new Claimed(default, 0);

    internal override void OnDropped(Action<long, DropReason> told) =>
        _channel.ItemDropped += (ref readonly T item, DropReason reason) => told(Number(in item), reason);

    internal static void Fill(ref T value, long number) => Payload.Fill(Bytes(ref value), number);

    internal static long Number(ref readonly T value) => Payload.Read(Bytes(ref Unsafe.AsRef(in value)));

    private static Span<byte> Bytes(ref T value) => MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1));

    private sealed class WritingEnd(SlabWriter<T> end) : WriteEnd
    {
        internal override SlabWriter End => end;

        internal override HeldClaim Claim(long number, CancellationToken cancellationToken = default) =>
            new Claimed(end.ClaimOwned(cancellationToken), number);

        internal override bool TryClaim(long number, out HeldClaim claim)
        {
            var claimed = end.TryClaimOwned(out var owned);
            claim = new Claimed(owned, number);
            return claimed;
        }

        // An owned claim has no form with a timeout; a claim that stays here is published here.
        internal override ClaimStatus TryClaim(long number, TimeSpan timeout, out HeldClaim claim, CancellationToken cancellationToken = default)
        {
            var status = end.TryClaim(timeout, out var here, cancellationToken);
            claim = status == ClaimStatus.Claimed ? new Published() : new Claimed(default, 0);
            if (status == ClaimStatus.Claimed)
            {
                Fill(ref here.Value, number);
                here.Publish();
            }
            return status;
        }

        internal override void Write(long number, CancellationToken cancellationToken = default)
        {
            // Each way in turn.
            switch (number % 3)
            {
                case 0:
                    end.Publish(number, static (ref T slot, long n) => Fill(ref slot, n), cancellationToken);
                    break;
                case 1:
                    T value = default;
                    Fill(ref value, number);
                    end.Publish(in value, cancellationToken);
                    break;
                default:
                    using (var claim = end.Claim(cancellationToken))
                    {
                        Fill(ref claim.Value, number);
                        claim.Publish();
                    }
                    break;
            }
        }

        internal override bool TryWrite(long number)
        {
            T value = default;
            Fill(ref value, number);
            return end.TryPublish(in value);
        }

        internal override int WriteBatch(int most, long first, int publish)
        {
            if (!end.TryClaimBatch(most, out var batch))
                return 0;
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                    Fill(ref batch[i], first + i);
                if (publish >= batch.Count)
                    batch.Publish();
                else if (publish >= 0)
                    batch.Publish(publish);
                return batch.Count;
            }
        }
    }

    private sealed class ReadingEnd(SlabReader<T> end) : ReadEnd
    {
        internal override SlabReader End => end;

        internal override bool TryTake(out HeldLease lease)
        {
            var taken = end.TryTake(out var held);
            lease = new Held(held);
            return taken;
        }

        internal override HeldLease Take(CancellationToken cancellationToken = default) => new Held(end.Take(cancellationToken));

        internal override TakeStatus TryTake(TimeSpan timeout, out HeldLease lease, CancellationToken cancellationToken = default)
        {
            var status = end.TryTake(timeout, out var held, cancellationToken);
            lease = new Held(held);
            return status;
        }

        internal override async IAsyncEnumerable<HeldLease> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var lease in end.ReadAllAsync(cancellationToken))
                yield return new Held(lease);
        }

        internal override ChannelListener Listen(Action<long> handle, ListenerOptions? options = null) =>
            end.Listen((ref readonly T message) => handle(Number(in message)), options);

        internal override long[] TakeBatch(int most)
        {
            if (!end.TryTakeBatch(most, out var batch))
                return [];
            using (batch)
            {
                var numbers = new long[batch.Count];
                var i = 0;
                foreach (ref readonly var message in batch)
                    numbers[i++] = Number(in message);
                for (i = 0; i < batch.Count; i++)
                    Assert.Equal(numbers[i], Number(in batch[i]));
                return numbers;
            }
        }
    }

    private sealed class Claimed(OwnedClaim<T> claim, long number) : HeldClaim
    {
        internal override bool IsOpen => claim.IsOpen;

        internal override void Fill() => Fill<T>(ref claim.Value, number);

        internal override void Publish() => claim.Publish();

        public override void Dispose() => claim.Dispose();

        public override string ToString() => claim.ToString();
    }

    private sealed class Published : HeldClaim
    {
        internal override bool IsOpen => false;

        internal override void Fill() { }

        internal override void Publish() { }

        public override void Dispose() { }

        public override string ToString() => "published";
    }

    private sealed class Held(Lease<T> lease) : HeldLease
    {
        internal override bool IsHeld => lease.IsHeld;

        internal override long Number => Number<T>(in lease.Value);

        internal override HeldLease Retain() => new Held(lease.Retain());

        public override void Dispose() => lease.Dispose();

        public override string ToString() => lease.ToString();
    }

    private static void Fill<TValue>(ref TValue value, long number) where TValue : unmanaged => ValueChannelUnderTest<TValue>.Fill(ref value, number);

    private static long Number<TValue>(ref readonly TValue value) where TValue : unmanaged => ValueChannelUnderTest<TValue>.Number(in value);
}
