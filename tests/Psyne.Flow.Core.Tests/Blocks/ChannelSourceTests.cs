using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>A channel's read end as a source of blocks.</summary>
public abstract class ChannelSourceTests<T> where T : unmanaged, INumbered<T>
{
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };
    private readonly List<int> _seen = [];

    private SlabActionBlock<T> NewSink(int bound = DataflowBlockOptions.Unbounded) =>
        new((ref readonly T message) => _seen.Add(message.Number), new SlabBlockOptions { BoundedCapacity = bound });

    [Theory]
    [InlineData(ChannelMode.Spsc, 1)]
    [InlineData(ChannelMode.Mpmc, 3)]
    [InlineData(ChannelMode.Mpsc, 1000)]
    public async Task Messages_AllArriveInOrder(ChannelMode mode, int bound)
    {
        const int Count = 20_000;
        using var channel = SlabChannel.Create<T>(mode, new SlabChannelOptions { Capacity = 64 });
        var sink = NewSink(bound);
        channel.Reader.AsSourceBlock().LinkTo(sink, _propagate);
        await Hang.Start(() =>
        {
            for (int i = 0; i < Count; i++)
                channel.Writer.Publish(T.Of(i));
            channel.Complete();
        }).Guard();
        await sink.Completion.Guard();

        Assert.Equal(Enumerable.Range(0, Count), _seen);
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Messages_OneNowAndThen_Arrive()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        var received = new BufferBlock<Lease<T>>();
        var source = channel.Reader.AsSourceBlock();
        source.LinkTo(received, _propagate);
        for (int i = 0; i < 20; i++)
        {
            channel.Writer.Publish(T.Of(i));
            using Lease<T> lease = await received.ReceiveAsync().Guard();
            Assert.Equal(i, lease.Value.Number);
        }
        channel.Complete();
        await received.Completion.Guard();
        await source.Completion.Guard();
    }

    [Fact]
    public async Task Fault_ComesAfterTheMessagesBeforeIt()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        for (int i = 0; i < 10; i++)
            channel.Writer.Publish(T.Of(i));
        channel.Complete(new FormatException("on purpose"));
        var source = channel.Reader.AsSourceBlock();
        for (int i = 0; i < 10; i++)
        {
            using Lease<T> lease = await source.ReceiveAsync().Guard();
            Assert.Equal(i, lease.Value.Number);
        }
        await Assert.ThrowsAsync<FormatException>(() => source.Completion.Guard());
    }

    [Fact]
    public async Task Token_Cancelled_EndsTheBlockAndNotTheChannel()
    {
        using var stop = new CancellationTokenSource();
        using var channel = SlabChannel.CreateSpsc<T>();
        var source = channel.Reader.AsSourceBlock(new DataflowBlockOptions { CancellationToken = stop.Token });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Completion.Guard());
        Assert.False(channel.Completion.IsCompleted);
    }

    [Fact]
    public async Task Complete_HandsOnWhatWasTaken()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        channel.Writer.Publish(T.Of(7));
        var source = channel.Reader.AsSourceBlock();
        Assert.True(await source.OutputAvailableAsync().Guard());
        source.Complete();
        using (Lease<T> lease = source.Receive())
            Assert.Equal(7, lease.Value.Number);
        await source.Completion.Guard();
    }

    [Fact]
    public async Task Fault_OfTheBlock_DropsWhatWasTaken()
    {
        using var channel = SlabChannel.CreateSpsc<T>();
        channel.Writer.Publish(T.Of(7));
        var source = channel.Reader.AsSourceBlock();
        Assert.True(await source.OutputAvailableAsync().Guard());
        ((IDataflowBlock)source).Fault(new FormatException());
        await Assert.ThrowsAsync<FormatException>(() => source.Completion.Guard());
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Delegate_ThatStops_HidesNothingThatIsFinished()
    {
        using var gate = new ManualResetEventSlim();
        using var channel = SlabChannel.CreateSpsc<T>();
        var block = new SlabTransformBlock<T, T>((in T input, ref T output) =>
        {
            if (input.Number == 500)
                gate.Wait();
            output = input;
        });
        channel.Reader.AsSourceBlock().LinkTo(block, _propagate);
        for (int i = 0; i < 600; i++)
            channel.Writer.Publish(T.Of(i));
        channel.Complete();
        for (int i = 0; i < 500; i++) // while the worker stands at 500
            using (Lease<T> lease = await block.ReceiveAsync().Guard())
                Assert.Equal(i, lease.Value.Number);
        gate.Set();
        for (int i = 500; i < 600; i++)
            (await block.ReceiveAsync().Guard()).Dispose();
        await block.Completion.Guard();
    }
}

public sealed class SmallChannelSourceTests : ChannelSourceTests<Small>;

public sealed class LargeChannelSourceTests : ChannelSourceTests<Large>;
