using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>Who waits for a slot gets one, though stock blocks dropped the leases of all: nothing else would collect them.</summary>
public sealed class LostLeaseTests
{
    /// <summary>Too large for a ring's own slots.</summary>
    [InlineArray(300)]
    private struct Larger
    {
        private byte _first;
    }

    private const int Capacity = 64;
    private const int Count = 3 * Capacity;

    private static async Task AssertAllPass(Func<SlabWriter<Larger>, int, ValueTask> publish)
    {
        using var channel = SlabChannel.CreateSpsc<Larger>(new SlabChannelOptions { Capacity = Capacity, Idle = IdleStrategy.Park });
        Assert.True(channel.IsPooled);
        SlabSourceBlock<Lease<Larger>> source = channel.Reader.AsSourceBlock();
        source.LinkTo(DataflowBlock.NullTarget<Lease<Larger>>(), new DataflowLinkOptions { PropagateCompletion = true });
        await Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
                await publish(channel.Writer, i);
            channel.Complete();
        }).Guard();
        await source.Completion.Guard();
        Assert.Equal(Count, source.Statistics.Sent);
    }

    [Fact]
    public Task Producer_ThatWaitsOnItsThread_GoesOn() => AssertAllPass((writer, i) =>
    {
        writer.Publish(default(Larger));
        return ValueTask.CompletedTask;
    });

    [Fact]
    public Task Producer_ThatAwaits_GoesOn() => AssertAllPass(async (writer, i) =>
    {
        Assert.True(await writer.WaitToClaimAsync());
        writer.Publish(default(Larger));
    });

    [Fact]
    public async Task Block_ThatWaitsForASlot_GoesOn()
    {
        // A block's slab has 65,536 slots of messages as small as these; every one is dropped.
        const int Many = 150_000;
        var block = new SlabTransformBlock<Small, Small>((in Small input, ref Small output) => output = input);
        block.LinkTo(DataflowBlock.NullTarget<Lease<Small>>(), new DataflowLinkOptions { PropagateCompletion = true });
        for (int i = 0; i < Many; i++)
            Assert.True(block.Post(Small.Of(i)));
        block.Complete();
        await block.Completion.Guard();
        Assert.Equal(Many, block.Statistics.Sent);
    }
}
