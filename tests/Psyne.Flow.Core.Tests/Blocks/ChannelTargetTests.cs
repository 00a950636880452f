using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>A channel's write end as a target of blocks: full channels, their modes, and how both end. The protocol is the contract's.</summary>
public abstract partial class ChannelTargetTests<T> : IDisposable where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();
    private readonly PumpScheduler _pump = new();
    private readonly DataflowLinkOptions _propagate = new() { PropagateCompletion = true };

    public void Dispose()
    {
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
        GC.SuppressFinalize(this);
    }

    private static SlabChannel<T> New(ChannelMode mode, FullMode full = FullMode.Wait, int capacity = 4) =>
        SlabChannel.Create<T>(mode, new SlabChannelOptions { Capacity = capacity, FullMode = full });

    private bool Post(ITargetBlock<Lease<T>> target, int value)
    {
        Lease<T> message = _messages.Make(value);
        bool posted = target.Post(message);
        if (!posted)
            message.Dispose();
        return posted;
    }

    private async Task<bool> Send(ITargetBlock<Lease<T>> target, int value)
    {
        Lease<T> message = _messages.Make(value);
        bool sent = await target.SendAsync(message);
        if (!sent)
            message.Dispose();
        return sent;
    }

    private static int Take(SlabReader<T> reader)
    {
        using Lease<T> lease = reader.Take();
        return lease.Value.Number;
    }

    private static List<int> TakeAll(SlabReader<T> reader)
    {
        var seen = new List<int>();
        foreach (Lease<T> lease in reader.TakeAll())
            using (lease)
                seen.Add(lease.Value.Number);
        return seen;
    }

    [Theory]
    [InlineData(ChannelMode.Spsc)]
    [InlineData(ChannelMode.Mpsc)]
    [InlineData(ChannelMode.Spmc)]
    [InlineData(ChannelMode.Mpmc)]
    [InlineData(ChannelMode.Broadcast)]
    public async Task Pipeline_ThroughASmallChannel_LosesNothing(ChannelMode mode)
    {
        const int Count = 5000;
        using SlabChannel<T> channel = New(mode);
        SlabReader<T> reader = channel.Reader;
        var head = new SlabTransformBlock<T>((ref T message) => message = T.Of(message.Number + 1));
        head.LinkTo(channel.Writer.AsTargetBlock(), _propagate);
        Task<List<int>> reading = Hang.Start(() => TakeAll(reader));
        for (int i = 0; i < Count; i++)
            Assert.True(await Send(head, i));
        head.Complete();

        Assert.Equal(Enumerable.Range(1, Count), await reading.Guard());
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Sources_Several_ShareAChannelWithOneProducer()
    {
        const int Count = 2000;
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        Task<List<int>> reading = Hang.Start(() => TakeAll(channel.Reader));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(source => Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
                Assert.True(await Send(target, 3 * i + source));
        }))).Guard();
        target.Complete();

        List<int> seen = await reading.Guard();
        Assert.Equal(Enumerable.Range(0, 3 * Count), seen.Order());
        Assert.All(Enumerable.Range(0, 3), source => Assert.Equal(Enumerable.Range(0, Count).Select(i => 3 * i + source), seen.Where(i => i % 3 == source)));
        await target.Completion.Guard();
    }

    [Fact]
    public async Task OtherProducers_ThatTakeTheRoom_LoseNothing()
    {
        // The block consumes only what it has a slot for: what others publish meanwhile can't take it.
        const int Count = 3000;
        using SlabChannel<T> channel = New(ChannelMode.Mpsc, capacity: 2);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        var head = new SlabBufferBlock<T>();
        head.LinkTo(target);
        Task<List<int>> reading = Hang.Start(() => TakeAll(channel.Reader));
        Task other = Hang.Start(() =>
        {
            for (int i = 0; i < Count; i++)
                channel.Writer.Publish(T.Of(-1 - i));
        });
        for (int i = 0; i < Count; i++)
            Assert.True(Post(head, i));
        head.Complete();
        await Task.WhenAll(other, head.Completion).Guard();
        channel.Complete();

        List<int> seen = await reading.Guard();
        Assert.Equal(Enumerable.Range(0, Count), seen.Where(i => i >= 0));
        Assert.Equal(Enumerable.Range(0, Count), seen.Where(i => i < 0).Select(i => -1 - i));
    }

    [Theory]
    [InlineData(ChannelMode.Spsc, FullMode.Wait)]
    [InlineData(ChannelMode.Mpmc, FullMode.Wait)]
    [InlineData(ChannelMode.Spsc, FullMode.Fail)]
    [InlineData(ChannelMode.Mpsc, FullMode.Adaptive)]
    public async Task FullChannel_DeclinesAPostAndPostponesASource(ChannelMode mode, FullMode full)
    {
        using SlabChannel<T> channel = New(mode, full);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = _pump });
        int posted = 0;
        while (Post(target, posted))
            posted++;
        Assert.InRange(posted, channel.Capacity, 2 * channel.Capacity + 64);
        Assert.Equal(posted, channel.Count);
        Task<bool> first = Send(target, posted), second = Send(target, posted + 1);
        _pump.Run();
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.False(Post(target, 100)); // others wait

        Assert.Equal(0, Take(channel.Reader));
        await _pump.RunUntil(first);
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        for (int i = 1; i <= posted; i++)
            Assert.Equal(i, Take(channel.Reader));
        await _pump.RunUntil(second);
        Assert.Equal(posted + 1, Take(channel.Reader));
        Assert.Equal(0, channel.Statistics.Drops);
        Assert.Equal(posted + 2, target.Statistics.Received);
        Assert.Equal(posted + 2, target.Statistics.Sent);
        Assert.Equal(2, target.Statistics.Waits);
    }

    [Fact]
    public void Offer_InsideATransferOfAnother_WaitsForItsEnd()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = _pump });
        using var first = new ProbeSource<Lease<T>>(_messages);
        using var second = new ProbeSource<Lease<T>>(_messages);
        first.OnCall = _ => Assert.Equal(DataflowMessageStatus.Postponed, second.Offer(target, 2));

        Assert.Equal(DataflowMessageStatus.Accepted, first.Offer(target, 1, consumeToAccept: true));
        Assert.Equal(1, channel.Count);
        _pump.Run();

        Assert.Equal([1, 2], new[] { Take(channel.Reader), Take(channel.Reader) });
        Assert.Equal("Consume 1", second.Log);
    }

    [Fact]
    public async Task Room_BelongsToWhoWaited()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = _pump });
        while (Post(target, 1)) ;
        Task<bool> waits = Send(target, 2);
        while (channel.Count > 0)
            Take(channel.Reader);

        Assert.False(Post(target, 3)); // there is room, but not before the one that waits
        await _pump.RunUntil(waits);
        Assert.Equal(2, Take(channel.Reader));
        Assert.True(Post(target, 4));
    }

    [Theory]
    [InlineData(FullMode.DropNewest)]
    [InlineData(FullMode.DropOldest)]
    public void FullChannel_ThatDrops_AcceptsAll(FullMode full)
    {
        using SlabChannel<T> channel = New(ChannelMode.Mpmc, full);
        var dropped = new List<int>();
        channel.ItemDropped += (ref readonly T item, DropReason _) => dropped.Add(item.Number);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = _pump });
        for (int i = 0; i < 100; i++)
            Assert.True(Post(target, i));
        target.Complete();

        List<int> kept = TakeAll(channel.Reader);
        Assert.Equal(Enumerable.Range(0, 100), kept.Concat(dropped).Order());
        Assert.Equal(full == FullMode.DropNewest ? 0 : 99, full == FullMode.DropNewest ? kept[0] : kept[^1]);
        Assert.Equal(dropped.Count, channel.Statistics.Drops);
        Assert.InRange(dropped.Count, 1, 99);
        _pump.Run();
    }

    [Fact]
    public void Bound_BelowTheCapacity_Holds()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc, capacity: 64);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { BoundedCapacity = 3, TaskScheduler = _pump });
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => Post(target, i)));
        Assert.Equal(0, Take(channel.Reader));
        Assert.True(Post(target, 10));
    }

    [Fact]
    public async Task Source_ThatThrows_FaultsTheBlockAndTheChannel()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = _pump });
        using var source = new ProbeSource<Lease<T>>(_messages);
        using var other = new ProbeSource<Lease<T>>(_messages);
        while (Post(target, 1)) ;
        Assert.Equal(DataflowMessageStatus.Postponed, source.Offer(target, 2));
        Assert.Equal(DataflowMessageStatus.Postponed, other.Offer(target, 3));
        source.OnCall = _ => throw new FormatException("on purpose");
        other.OnCall = call =>
        {
            if (call.Kind == SourceCallKind.Reserve)
                throw new TimeoutException("as it is released");
        };
        Take(channel.Reader);
        await _pump.RunUntil(target.Completion);

        Assert.Equal([typeof(FormatException), typeof(TimeoutException)], target.Completion.Exception!.InnerExceptions.Select(inner => inner.GetType()));
        Assert.Equal("Reserve 1", other.Log);
        while (channel.Reader.TryTake(out Lease<T> lease))
            lease.Dispose();
        await Assert.ThrowsAsync<FormatException>(() => channel.Completion.Guard());
    }

    [Fact]
    public async Task Scheduler_ThatRefuses_FaultsTheBlock()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { TaskScheduler = new RefusingScheduler() });
        while (Post(target, 1)) ;
        Task<bool> waits = Send(target, 2);
        Take(channel.Reader); // room: now the block has work to do

        Assert.False(await waits.Guard());
        Assert.Contains(RefusingScheduler.Refusal, (await Assert.ThrowsAnyAsync<Exception>(() => target.Completion.Guard())).ToString());
    }

    [Fact]
    public void MessagesPerTask_Few_AreTakenInTurns()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { MaxMessagesPerTask = 1, TaskScheduler = _pump });
        int posted = 0;
        while (Post(target, posted))
            posted++;
        Task<bool>[] waiting = [.. Enumerable.Range(0, 3).Select(i => Send(target, 100 + i))];
        for (int i = 0; i < posted; i++)
            Take(channel.Reader);

        for (int i = 1; i <= 3; i++)
        {
            Assert.True(_pump.RunOne());
            Assert.Equal(i, channel.Count);
        }
        _pump.Run();
        Assert.Equal([100, 101, 102], Enumerable.Range(0, 3).Select(_ => Take(channel.Reader)));
        Assert.All(waiting, send => Assert.True(send.Result));
    }

    [Fact]
    public void Lease_ThatIsNotHeld_IsRefusedAndTakesNoSlot()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        Lease<T> ended = _messages.Make(1);
        ended.Dispose();
        Assert.Throws<LeaseException>(() => target.Post(ended));
        Assert.Throws<LeaseException>(() => target.Post(default(Lease<T>)));
        Assert.True(Post(target, 2));
        Assert.Equal(2, Take(channel.Reader));
    }

    [Fact]
    public async Task Circle_ThroughAChannel_NeitherLosesNorHangs()
    {
        // The channel is both ends of a circle with less room than there are messages.
        using SlabChannel<T> channel = New(ChannelMode.Spsc, capacity: 2);
        var around = new SlabTransformBlock<T>((ref T message) => message = T.Of(message.Number + 1), new SlabBlockOptions { BoundedCapacity = 2 });
        var done = new BufferBlock<Lease<T>>();
        channel.Reader.AsSourceBlock(new DataflowBlockOptions { BoundedCapacity = 2 }).LinkTo(around);
        around.LinkTo(done, lease => lease.Value.Number >= 500);
        around.LinkTo(channel.Writer.AsTargetBlock());
        for (int i = 0; i < 4; i++)
            Assert.True(await Send(around, i).Guard());

        for (int i = 0; i < 4; i++)
            using (Lease<T> lease = await done.ReceiveAsync().Guard())
                Assert.Equal(500, lease.Value.Number);
    }
}

public sealed class SmallChannelTargetBlockTests : ChannelTargetTests<Small>;

public sealed class LargeChannelTargetBlockTests : ChannelTargetTests<Large>;
