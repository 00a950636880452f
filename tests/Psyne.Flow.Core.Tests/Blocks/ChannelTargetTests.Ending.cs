using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

// How a channel as a target ends, and what ends with it.
public abstract partial class ChannelTargetTests<T>
{
    [Fact]
    public async Task Fault_ReachesTheReadersAfterTheirMessages()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        var head = new SlabBufferBlock<T>();
        head.LinkTo(target, _propagate);
        Assert.True(Post(target, 1));
        ((IDataflowBlock)head).Fault(new FormatException("on purpose"));

        Assert.Contains("on purpose", (await Assert.ThrowsAnyAsync<Exception>(() => target.Completion.Guard())).ToString());
        Assert.Equal(1, Take(channel.Reader));
        // As it was thrown, not as it was passed on.
        Assert.Equal("on purpose", (await Assert.ThrowsAsync<FormatException>(() => channel.Reader.WaitToTakeAsync().Guard())).Message);
    }

    [Fact]
    public async Task Fault_OfMany_ReachesTheReadersWhole()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ((IDataflowBlock)channel.Writer.AsTargetBlock()).Fault(new AggregateException(new FormatException(), new TimeoutException()));
        Assert.Equal(2, (await Assert.ThrowsAsync<AggregateException>(() => channel.Reader.WaitToTakeAsync().Guard())).InnerExceptions.Count);
    }

    [Fact]
    public async Task Token_Cancelled_EndsTheBlockAndNotTheChannel()
    {
        using var stop = new CancellationTokenSource();
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock(new DataflowBlockOptions { CancellationToken = stop.Token });
        Assert.True(Post(target, 1));
        while (Post(target, 2)) ;
        Task<bool> waits = Send(target, 3);
        await stop.CancelAsync();

        Assert.False(await waits.Guard());
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => target.Completion.Guard());
        Assert.Equal(stop.Token, thrown.CancellationToken);
        Assert.False(channel.Writer.IsClosed);
        Assert.Equal(1, Take(channel.Reader));
        channel.Writer.Publish(T.Of(7)); // the end is free again
    }

    [Fact]
    public async Task Complete_EndsWithTheLastMessageTaken()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        Assert.True(Post(target, 1));
        target.Complete();
        Assert.True(channel.Writer.IsClosed);
        Assert.False(target.Completion.IsCompleted);
        Assert.Equal(1, Take(channel.Reader));
        Assert.False(channel.Reader.TryTake(out _));
        await target.Completion.Guard();
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("fault")]
    [InlineData("dispose")]
    [InlineData("dispose end")]
    public async Task Channel_EndedElsewhere_FreesTheSourcesAndEndsTheBlock(string how)
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        SlabReader<T> reader = channel.Reader;
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        while (Post(target, 1)) ;
        Task<bool> waits = Send(target, 2);
        Assert.False(waits.IsCompleted);
        switch (how)
        {
            case "complete":
                channel.Complete();
                break;
            case "fault":
                channel.Complete(new FormatException());
                break;
            case "dispose":
                channel.Dispose();
                break;
            default:
                channel.Writer.Dispose();
                break;
        }

        Assert.False(await waits.Guard());
        Assert.False(Post(target, 3));
        if (how is "complete" or "fault")
            while (reader.TryTake(out Lease<T> lease))
                lease.Dispose();
        await target.Completion.ContinueWith(_ => { }, TaskScheduler.Default).Guard();
        Assert.Equal(how switch
        {
            "complete" => TaskStatus.RanToCompletion,
            "dispose" => TaskStatus.Canceled,
            _ => TaskStatus.Faulted,
        }, target.Completion.Status);
        if (target.Completion.Exception is { } fault)
            Assert.IsType(how == "fault" ? typeof(FormatException) : typeof(ObjectDisposedException), Assert.Single(fault.InnerExceptions));
        Assert.Equal(how == "dispose end", !channel.Writer.IsClosed);
    }

    [Fact]
    public async Task Channel_ClosedElsewhere_IsNoticedAtTheNextOffer()
    {
        using SlabChannel<T> channel = New(ChannelMode.Spsc);
        ChannelTargetBlock<T> target = channel.Writer.AsTargetBlock();
        channel.Writer.Dispose();
        Assert.False(Post(target, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => target.Completion.Guard());
    }
}
