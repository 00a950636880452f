using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

/// <summary>In steady state a message costs no byte of the managed heap.</summary>
[Collection("alone")]
public sealed class AllocationTests
{
    private const int Messages = 10_000;

    public static TheoryData<ChannelMode> Modes => [.. Enum.GetValues<ChannelMode>()];

    private static SlabChannelOptions Options => new() { Capacity = 16 };

    /// <summary>Bytes that this thread allocates for so many messages, once everything is warm.</summary>
    private static void NoneOnThisThread(Action<long> message)
    {
        for (var i = 0; i < 200; i++)
            message(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++)
            message(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Less than a byte a message in the whole process: the runtime's own threads may allocate now and then.</summary>
    private static async Task NoneAtAll(Func<int, Task> messages)
    {
        await messages(500);
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least >= Messages; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await messages(Messages);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.InRange(least, 0, Messages - 1);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Values_Small_AllocateNothing(ChannelMode mode) => Values<long>(mode);

    [Theory]
    [InlineData(ChannelMode.Mpsc)]
    [InlineData(ChannelMode.Mpmc)]
    public void Values_OfALane_AllocateNothing(ChannelMode mode) => Values<long>(mode, lanes: 3);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Values_OfTheRing_AllocateNothing(ChannelMode mode) => Values<Words6>(mode);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Values_Pooled_AllocateNothing(ChannelMode mode) => Values<Words125>(mode);

    [Fact]
    public void Values_Sampled_WithoutListeners_AllocateNothing()
    {
        using var channel = SlabChannel.CreateSpsc<long>(Options with { LatencySampling = 1 });
        NoneOnThisThread(number =>
        {
            channel.Writer.Publish(number);
            channel.Reader.Take().Dispose();
        });
        Assert.True(channel.Statistics.Latency!.Count >= Messages);
    }

    [Fact]
    public void TakeAll_AllocatesNothing()
    {
        using var channel = SlabChannel.CreateSpsc<long>(Options);
        NoneOnThisThread(number =>
        {
            channel.Writer.Publish(number);
            foreach (var lease in channel.Reader.TakeAll())
            {
                lease.Dispose();
                break;
            }
        });
    }

    [Fact]
    public void TensorsFromSpans_AllocateNothing()
    {
        using var channel = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, 4, Options);
        int[] elements = [1, 2, 3, 4];
        nint[] shape = [2, 2]; // a literal at the call would be an array each time
        NoneOnThisThread(number =>
        {
            channel.Writer.Publish(elements, shape);
            channel.Reader.Take().Dispose();
        });
    }

    private static void Values<T>(ChannelMode mode, int lanes = 0) where T : unmanaged
    {
        using var channel = SlabChannel.Create<T>(mode, Options with { Lanes = lanes });
        var (reader, writer) = (channel.Reader, channel.Writer);
        NoneOnThisThread(number =>
        {
            using (var claim = writer.Claim())
            {
                claim.Value = default;
                claim.Publish();
            }
            using (var owned = writer.ClaimOwned())
                owned.Publish();
            writer.Publish(7, static (ref T slot, int _) => slot = default);
            Assert.True(writer.TryPublish(default));
            using (var batch = writer.ClaimBatch(3))
                batch.Publish();
            using (var lease = reader.Take())
                _ = lease.Value;
            using (var lease = reader.Take())
            using (var retained = lease.Retain())
                _ = retained.Value;
            while (reader.TryTakeBatch(8, out var batch))
                using (batch)
                    foreach (ref readonly var message in batch)
                        _ = message;
        });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Frames_AllocateNothing(ChannelMode mode)
    {
        foreach (var maximum in new[] { 40, 1000 })
        {
            using var channel = SlabChannel.CreateFrames(mode, maximum, Options);
            var (reader, writer) = (channel.Reader, channel.Writer);
            var bytes = new byte[40];
            NoneOnThisThread(number =>
            {
                writer.Publish(bytes);
                writer.Publish("text");
                using (var claim = writer.Claim(8))
                {
                    claim.SetText("x");
                    claim.Publish();
                }
                while (reader.TryTake(out var lease))
                    using (lease)
                        _ = lease.Bytes[0];
            });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Tensors_UpToRankFour_AllocateNothing(int rank)
    {
        var shape = new nint[] { 2, 3, 2, 2 }[..rank];
        foreach (var mode in Enum.GetValues<ChannelMode>())
        {
            using var fixedShape = SlabChannel.Create<float>(mode, shape, Options);
            using var shaped = SlabChannel.CreateTensors<float>(mode, 24, Options);
            var (fixedReader, shapedReader) = (fixedShape.Reader, shaped.Reader);
            NoneOnThisThread(number =>
            {
                using (var claim = fixedShape.Writer.Claim())
                {
                    claim.Tensor.Fill(1f);
                    claim.Publish();
                }
                using (var claim = shaped.Writer.Claim(shape))
                {
                    claim.Tensor.Fill(1f);
                    claim.Publish();
                }
                using (var lease = fixedReader.Take())
                    _ = lease.Tensor.FlattenedLength;
                using (var lease = shapedReader.Take())
                    _ = lease.Tensor.FlattenedLength + lease.Span.Length;
            });
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task WaitToTakeAsync_ThatWaits_AllocatesNothing(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<long>(mode, Options);
        var (reader, writer) = (channel.Reader, channel.Writer);
        await NoneAtAll(async messages =>
        {
            for (var i = 0; i < messages; i++)
            {
                var wait = reader.WaitToTakeAsync();
                writer.Publish(i);
                if (!await wait || !reader.TryTake(out var lease))
                    throw new InvalidOperationException("A message was lost.");
                lease.Dispose();
            }
        });
        Assert.InRange(channel.Statistics.ConsumerWaits, Messages, long.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task WaitToClaimAsync_ThatWaits_AllocatesNothing(ChannelMode mode)
    {
        using var channel = SlabChannel.Create<Words125>(mode, Options);
        var (reader, writer) = (channel.Reader, channel.Writer);
        while (writer.TryPublish(default)) { }
        await NoneAtAll(async messages =>
        {
            for (var i = 0; i < messages; i++)
            {
                var wait = writer.WaitToClaimAsync();
                reader.Take().Dispose();
                if (!await wait || !writer.TryPublish(default))
                    throw new InvalidOperationException("There was no room.");
            }
        });
        Assert.InRange(channel.Statistics.ProducerWaits, Messages, long.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ReadAllAsync_AllocatesNothingAMessage(ChannelMode mode)
    {
        using var channel = SlabChannel.CreateFrames(mode, 40, Options);
        var (reader, writer) = (channel.Reader, channel.Writer);
        var bytes = new byte[16];
        await NoneAtAll(async messages =>
        {
            var left = messages;
            for (var i = 0; i < 8; i++)
                writer.Publish(bytes);
            await foreach (var lease in reader.ReadAllAsync())
            {
                lease.Dispose();
                if (--left == 0)
                    break;
                writer.Publish(bytes);
            }
            while (reader.TryTake(out var rest))
                rest.Dispose();
        });
    }
}
