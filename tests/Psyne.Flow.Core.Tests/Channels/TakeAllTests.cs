using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

public sealed class TakeAllTests
{
    public static TheoryData<ChannelMode> Modes => [.. Enum.GetValues<ChannelMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task TakeAll_WhileOthersPublish_GivesEveryMessageAndEndsWithTheChannel(ChannelMode mode)
    {
        const int Messages = 2000;
        using var channel = SlabChannel.Create<long>(mode, new SlabChannelOptions { Capacity = 16, Idle = IdleStrategy.Park });
        var reader = channel.Reader; // of a broadcast: opened before anything is published
        var write = Hang.Start(() =>
        {
            for (var i = 1; i <= Messages; i++)
                channel.Writer.Publish(i);
            channel.Complete();
        });
        var sum = await Hang.Start(() =>
        {
            long sum = 0;
            foreach (var lease in reader.TakeAll())
                using (lease)
                    sum += lease.Value;
            return sum;
        }).Guard();
        await write.Guard();

        Assert.Equal(Messages * (Messages + 1L) / 2, sum);
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public void TakeAll_LoopThatEndsEarly_LeavesTheRest()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        for (var i = 0; i < 3; i++)
            channel.Writer.Publish(i);
        channel.Complete();
        foreach (var lease in channel.Reader.TakeAll())
        {
            lease.Dispose();
            break;
        }
        var rest = new List<int>();
        foreach (var lease in channel.Reader.TakeAll())
            using (lease)
                rest.Add(lease.Value);

        Assert.Equal([1, 2], rest);
    }

    [Fact]
    public void TakeAll_ChannelFaults_ThrowsTheFaultAfterTheRest()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        channel.Writer.Publish(1);
        channel.Complete(new InvalidDataException("broken"));
        var taken = 0;
        var fault = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var lease in channel.Reader.TakeAll())
                using (lease)
                    taken += lease.Value;
        });

        Assert.Equal(("broken", 1), (fault.Message, taken));
    }

    [Fact]
    public async Task TakeAll_CancelledWhileItWaits_Throws()
    {
        using var channel = SlabChannel.CreateSpsc<int>(new SlabChannelOptions { Idle = IdleStrategy.Park });
        using var cancellation = new CancellationTokenSource();
        var loop = Hang.Start(() =>
        {
            foreach (var lease in channel.Reader.TakeAll(cancellation.Token))
                lease.Dispose();
        });
        Hang.UntilWaiting(channel.Core.Items);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.Guard());
    }

    [Fact]
    public void TakeAll_Cancelled_TakesNoMoreEvenThoughMessagesAreThere()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        using var cancellation = new CancellationTokenSource();
        channel.Writer.Publish(1);
        channel.Writer.Publish(2);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var lease in channel.Reader.TakeAll(cancellation.Token))
                using (lease)
                    cancellation.Cancel();
        });

        Assert.Equal(1, channel.Count);
    }

    [Fact]
    public void TakeAll_DisposedEnd_IsRefused()
    {
        using var channel = SlabChannel.CreateSpsc<int>();
        var reader = channel.Reader;
        reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.TakeAll().GetEnumerator().MoveNext());
        Assert.Throws<LeaseException>(() => default(LeaseSequence<Lease<int>>).GetEnumerator());
    }

    [Fact]
    public void TakeAll_OfFramesAndTensors_GivesTheirLeases()
    {
        using var frames = SlabChannel.CreateFrames(ChannelMode.Mpsc, 100);
        using var tensors = SlabChannel.CreateSpsc<int>(shape: [2]);
        frames.Writer.Publish("one");
        frames.Writer.Publish("two");
        tensors.Writer.Publish([3, 4]);
        frames.Complete();
        tensors.Complete();
        var texts = new List<string>();
        foreach (var lease in frames.Reader.TakeAll())
            using (lease)
                texts.Add(lease.GetText());
        var sum = 0;
        foreach (var lease in tensors.Reader.TakeAll())
            using (lease)
                sum += lease.Span[0] + lease.Span[1];

        Assert.Equal(["one", "two"], texts);
        Assert.Equal(7, sum);
    }
}
