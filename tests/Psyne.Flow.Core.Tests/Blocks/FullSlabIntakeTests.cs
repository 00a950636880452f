using System.Runtime.CompilerServices;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>
/// Messages that come out of a channel's ring need a slot of the block's slab. Where that has none, they wait at their
/// source, or where they lie, and come in when a slot is given back: nothing is lost, nothing is allocated.
/// </summary>
public sealed class FullSlabIntakeTests : IDisposable
{
    /// <summary>Too large to wait by value, small enough to lie in a ring.</summary>
    [InlineArray(50)]
    private struct Middling
    {
        private int _first;
    }

    private const int Slots = 1 << 16;

    private readonly SlabChannel<Middling> _channel = SlabChannel.CreateSpsc<Middling>();
    private int _next;

    public void Dispose() => _channel.Dispose();

    private Lease<Middling> Make()
    {
        using (Claim<Middling> claim = _channel.Writer.Claim())
        {
            claim.Value[0] = _next++;
            claim.Publish();
        }
        return _channel.Reader.Take();
    }

    /// <summary>Posts messages until every slot of the block's slab is leased.</summary>
    private void Fill(ITargetBlock<Lease<Middling>> block)
    {
        Lease<Middling> message = Make();
        for (; block.Post(message); message = Make())
            Assert.True(_next <= Slots, $"{_next} messages went in.");
        Assert.True(message.IsHeld); // a message that was declined is the sender's
        message.Dispose();
        Assert.Equal(Slots, --_next);
    }

    private static async Task AssertNext(IReceivableSourceBlock<Lease<Middling>> block, int number)
    {
        using Lease<Middling> lease = await block.ReceiveAsync().Guard();
        Assert.Equal(number, lease.Value[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FullSlab_OfferedMessages_WaitAtTheirSource(bool fastPath)
    {
        var block = new SlabBufferBlock<Middling>(new SlabBlockOptions { FastPath = fastPath });
        Fill(block);
        Task<bool> sent = block.SendAsync(Make());
        Assert.False(sent.IsCompleted);

        await AssertNext(block, 0);

        Assert.True(await sent.Guard());
        await AssertAllCome(block, Slots);
    }

    [Fact]
    public async Task FullSlab_ConsumedMessages_WaitWhereTheyLie()
    {
        using var source = new CancellationTokenSource();
        var block = new SlabBufferBlock<Middling>();
        Fill(block);
        Assert.True(await block.SendAsync(Make(), source.Token).Guard()); // a send that can be cancelled has its message consumed
        Assert.Equal(1, _channel.Statistics.HeldLeases);
        Task<bool> behind = block.SendAsync(Make(), source.Token);
        Assert.False(behind.IsCompleted);

        await AssertNext(block, 0);
        await AssertNext(block, 1);

        Assert.True(await behind.Guard());
        await AssertAllCome(block, Slots + 1);
    }

    private async Task AssertAllCome(SlabBufferBlock<Middling> block, int last)
    {
        block.Complete();
        for (int i = _next - block.Count; i <= last; i++)
            await AssertNext(block, i);
        await block.Completion.Guard();
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task FullSlab_CompletedBlock_StillTakesInWhatItConsumed()
    {
        using var source = new CancellationTokenSource();
        var block = new SlabBufferBlock<Middling>();
        Fill(block);
        Assert.True(await block.SendAsync(Make(), source.Token).Guard());
        block.Complete();
        for (int i = 0; i <= Slots; i++)
            await AssertNext(block, i);
        await block.Completion.Guard();
    }

    [Fact]
    public async Task FullSlab_FaultedBlock_GivesBackWhatItConsumed()
    {
        using var source = new CancellationTokenSource();
        var block = new SlabBufferBlock<Middling>();
        Fill(block);
        Assert.True(await block.SendAsync(Make(), source.Token).Guard());
        ((IDataflowBlock)block).Fault(new InvalidOperationException("broken"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => block.Completion.Guard());
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task FullSlab_Transform_HandlesWhatItConsumed(int parallelism)
    {
        using var held = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        int seen = 0;
        var block = new SlabActionBlock<Middling>((ref readonly Middling _) =>
        {
            held.Wait();
            Interlocked.Increment(ref seen);
        }, new SlabBlockOptions { MaxDegreeOfParallelism = parallelism });
        Fill(block);
        Assert.True(await block.SendAsync(Make(), source.Token).Guard());
        Task<bool> behind = block.SendAsync(Make());
        held.Set();
        Assert.True(await behind.Guard());
        block.Complete();
        await block.Completion.Guard();
        Assert.Equal(Slots + 2, seen);
        Assert.Equal(0, _channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task ChannelSource_WithoutSlots_LeavesMessagesInTheChannel()
    {
        const int Count = Slots + 1000;
        using var channel = SlabChannel.CreateSpsc<Middling>(new SlabChannelOptions { Capacity = 1 << 17 });
        for (int i = 0; i < Count; i++)
            using (Claim<Middling> claim = channel.Writer.Claim())
            {
                claim.Value[0] = i;
                claim.Publish();
            }
        channel.Complete();
        var buffer = new SlabBufferBlock<Middling>();
        var source = channel.Reader.AsSourceBlock();
        source.LinkTo(buffer, new DataflowLinkOptions { PropagateCompletion = true });
        Assert.True(SpinWait.SpinUntil(() => buffer.Count == Slots, TimeSpan.FromSeconds(60)), $"{buffer.Count} came in.");
        for (int i = 0; i < Count; i++)
            await AssertNext(buffer, i);
        await buffer.Completion.Guard();
        await source.Completion.Guard();
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }
}
