using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Properties;

/// <summary>One producer and one consumer: whatever is claimed in whatever way, what was published arrives, once and in order.</summary>
public sealed class SpscTrafficTests
{
    [InlineArray(24)]
    private struct Bytes24 { private byte _first; }

    [InlineArray(56)]
    private struct Bytes56 { private byte _first; }

    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (var size in new[] { 1, 8, 24, 56, 200 })
                foreach (var capacity in new[] { 1, 2, 4, 8, 64 })
                    cases.Add(size, capacity);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Traffic_AnyMixOfClaimsAndTakes_ArrivesOnceAndInOrder(int size, int capacity)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(300);
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            switch (size)
            {
                case 1: Run<byte>.Play(capacity, steps); break;
                case 8: Run<long>.Play(capacity, steps); break;
                case 24: Run<Bytes24>.Play(capacity, steps); break;
                case 56: Run<Bytes56>.Play(capacity, steps); break;
                default: Run<Words25>.Play(capacity, steps); break;
            }
        }).Check(config);
    }

    private sealed class Run<T>(SlabChannel<T> channel, int capacity) where T : unmanaged
    {
        private readonly Queue<int> _waiting = [];
        private int _published;
        private OwnedClaim<T> _stale;

        internal static void Play(int capacity, byte[] steps)
        {
            using var channel = SlabChannel.CreateSpsc<T>(new SlabChannelOptions { Capacity = capacity });
            Assert.False(channel.IsPooled);
            Assert.Equal(capacity, channel.Statistics.Capacity);
            var run = new Run<T>(channel, capacity);
            foreach (var step in steps)
            {
                run.Step(step % 10, step / 10);
                run.CheckAtRest();
            }
            while (run._waiting.Count > 0)
                run.Step(7, 0);
            run.Step(0, 0);
            run.CheckAtRest();
            channel.Dispose();
            Assert.Equal(run._published, channel.Statistics.Published); // the slots' memory was given back
        }

        private void Step(int kind, int number)
        {
            var hasRoom = _waiting.Count < capacity;
            switch (kind)
            {
                case 0 or 2:
                    Assert.Equal(hasRoom, channel.Writer.TryClaim(out var guarded));
                    using (guarded)
                    {
                        if (!hasRoom)
                            return;
                        Fill(ref guarded.Value, kind == 0 ? _published : -1);
                        if (kind == 0)
                            guarded.Publish();
                    }
                    Expect(kind == 0 ? 1 : 0);
                    break;
                case 1:
                    T copied = default;
                    Fill(ref copied, _published);
                    if (hasRoom && number % 2 == 0)
                        channel.Writer.Publish(copied);
                    else
                        Assert.Equal(hasRoom, channel.Writer.TryPublish(copied));
                    Expect(hasRoom ? 1 : 0);
                    break;
                case 3 when hasRoom:
                    var bare = channel.Writer.Claim();
                    Fill(ref bare.Value, _published);
                    bare.Publish();
                    Expect(1);
                    break;
                case 4 or 5:
                    Assert.Equal(hasRoom, channel.Writer.TryClaimBatch(number + 1, out var batch));
                    using (batch)
                    {
                        if (!hasRoom)
                            return;
                        Assert.InRange(batch.Count, 1, Math.Min(number + 1, capacity - _waiting.Count));
                        for (var i = 0; i < batch.Count; i++)
                            Fill(ref batch[i], _published + i);
                        var count = kind == 4 ? batch.Count : number % (batch.Count + 1);
                        if (count > 0 || number % 2 == 0)
                            batch.Publish(count);
                        Expect(count);
                    }
                    break;
                case 6:
                    Assert.Equal(hasRoom, channel.Writer.TryClaimOwned(out var owned));
                    using (owned)
                    {
                        if (!hasRoom)
                            return;
                        Assert.True(owned.IsOpen);
                        Assert.Equal(1, channel.Statistics.OpenClaims);
                        Fill(ref owned.Value, _published);
                        if (number % 2 == 0)
                            owned.Publish();
                        Expect(number % 2 == 0 ? 1 : 0);
                    }
                    _stale = owned;
                    break;
                case 7:
                    Assert.Equal(_waiting.Count > 0, channel.Reader.TryTake(out var lease));
                    if (_waiting.Count == 0)
                        return;
                    using (lease)
                        Check(in lease.Value);
                    break;
                case 8:
                    Assert.Equal(_waiting.Count > 0, channel.Reader.TryTakeBatch(number + 1, out var taken));
                    if (_waiting.Count == 0)
                        return;
                    using (taken)
                        for (var i = 0; i < taken.Count; i++)
                            Check(in taken[i]);
                    break;
                case 9:
                    var leases = new List<Lease<T>>();
                    while (leases.Count < number % 4 + 1 && channel.Reader.TryTake(out var next))
                        leases.Add(next);
                    foreach (var held in leases)
                        Check(in held.Value);
                    leases.Reverse();
                    leases.ForEach(static held => held.Dispose());
                    break;
            }
        }

        private void Expect(int published)
        {
            for (; published > 0; published--)
                _waiting.Enqueue(_published++);
        }

        private void CheckAtRest()
        {
            var statistics = channel.Statistics;
            Assert.Equal(_published, statistics.Published);
            Assert.Equal(_waiting.Count, statistics.Count);
            Assert.Equal(0, statistics.OpenClaims);
            Assert.Equal(0, statistics.HeldLeases);
            Assert.Equal(0, statistics.Misuses);
            Assert.Equal(_waiting.Count, channel.Reader.Count);
            Assert.False(_stale.IsOpen);
            _stale.Dispose();
        }

        private static void Fill(ref T value, int message)
        {
            var bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)(message * 31 + i);
        }

        private void Check(ref readonly T value)
        {
            T expected = default;
            Fill(ref expected, _waiting.Dequeue());
            Assert.Equal(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in expected)), MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        }
    }
}
