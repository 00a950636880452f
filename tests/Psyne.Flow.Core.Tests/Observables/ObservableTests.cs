using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Observables;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Observables;

/// <summary>What is particular to channels, to blocks, and to channels as observers.</summary>
public sealed class ObservableTests
{
    public static TheoryData<bool> EndsOrChannels => [true, false];

    /// <summary>Both namespaces are imported here: the more specific receiver wins. TPL's own would not be a SlabObservable.</summary>
    [Fact]
    public void AsObservable_OfBlocks_IsOurs()
    {
        var buffer = new SlabBufferBlock<Small>();
        var transform = new SlabTransformBlock<Small, Small>(static (in Small input, ref Small output) => output = input);

        SlabObservable<Small> values = buffer.AsObservable();
        var others = transform.AsObservable();
        IObservable<Lease<Small>> stock = ((ISourceBlock<Lease<Small>>)buffer).AsObservable();

        Assert.NotNull(values);
        Assert.IsType<SlabObservable<Small>>(others, exactMatch: false);
        Assert.False(stock is SlabObservable<Lease<Small>>);
    }

    [Fact]
    public async Task Block_Cancelled_IsAnError()
    {
        using var cancelled = new CancellationTokenSource();
        var buffer = new SlabBufferBlock<Small>(new DataflowBlockOptions { CancellationToken = cancelled.Token });
        var observer = new Recorder<Small>(static value => value.Number);
        buffer.AsObservable().Subscribe(observer);

        await cancelled.CancelAsync();

        Assert.IsType<OperationCanceledException>(await observer.End.Guard(), exactMatch: false);
    }

    [Fact]
    public async Task Block_Faulted_IsItsFault()
    {
        var fault = new InvalidDataException("torn");
        var buffer = new SlabBufferBlock<Small>();
        var observer = new Recorder<Lease<Small>>(static lease => lease.Value.Number);
        buffer.AsLeaseObservable().Subscribe(observer);

        ((IDataflowBlock)buffer).Fault(fault);

        Assert.Same(fault, await observer.End.Guard());
    }

    /// <summary>The observers of a block are a target that never accepts, and that keeps the rules of one.</summary>
    [Fact]
    public void Block_AsItsTarget_KeepsTheProtocol()
    {
        var buffer = new SlabBufferBlock<Small>();
        var feed = new BlockFeed<Small>(buffer);
        ITargetBlock<Lease<Small>> target = feed;
        var looks = 0;
        feed.Open(() => looks++);

        Assert.Same(buffer.Completion, target.Completion);
        Assert.Throws<ArgumentException>("messageHeader", () => target.OfferMessage(default, default, buffer, consumeToAccept: false));
        Assert.Equal(DataflowMessageStatus.Declined, target.OfferMessage(new(1), default, null, consumeToAccept: false));
        Assert.Equal(0, looks);
        Assert.Equal(DataflowMessageStatus.Postponed, target.OfferMessage(new(1), default, buffer, consumeToAccept: false));
        target.Complete();
        target.Fault(new InvalidDataException());
        Assert.Equal(3, looks);
        feed.Close();
    }

    [Fact]
    public async Task Observer_WhoseEndThrows_IsReported()
    {
        using var channel = SlabChannel.CreateSpsc<Small>();
        var observable = channel.Reader.AsObservable();
        var reported = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        observable.ObserverFailed += (_, failed) => reported.TrySetResult(failed.Exception);
        observable.Subscribe(new ThrowsAtTheEnd());
        var other = new Recorder<Small>(static value => value.Number);
        observable.Subscribe(other);

        channel.Complete();

        Assert.IsType<NotSupportedException>(await reported.Task.Guard());
        Assert.Null(await other.End.Guard());
    }

    private sealed class ThrowsAtTheEnd : IObserver<Small>
    {
        public void OnNext(Small value) { }

        public void OnError(Exception error) { }

        public void OnCompleted() => throw new NotSupportedException();
    }

    [Theory]
    [MemberData(nameof(EndsOrChannels))]
    public async Task Source_DisposedBeforeItsEnd_IsAnError(bool channelItself)
    {
        using var channel = SlabChannel.CreateMpmc<Small>();
        var reader = channel.OpenReader();
        var waiting = new Recorder<Small>(static value => value.Number);
        reader.AsObservable().Subscribe(waiting);

        if (channelItself)
            channel.Dispose();
        else
            reader.Dispose();

        Assert.IsType<ObjectDisposedException>(await waiting.End.Guard());
        var late = new Recorder<Small>(static value => value.Number);
        reader.AsObservable().Subscribe(late).Dispose();
        Assert.IsType<ObjectDisposedException>(await late.End.Guard());
    }

    [Fact]
    public async Task Reader_DisposedBeforeTheFirstObserver_IsAnError()
    {
        using var channel = SlabChannel.CreateSpsc<Small>();
        var reader = channel.Reader;
        reader.Dispose();
        var observer = new Recorder<Small>(static value => value.Number);

        reader.AsObservable().Subscribe(observer);

        Assert.IsType<ObjectDisposedException>(await observer.End.Guard());
    }

    [Fact]
    public async Task Reader_AfterItsObserversLeft_IsFreeAgain()
    {
        using var channel = SlabChannel.CreateSpsc<Small>();
        var observer = new Recorder<Small>(static value => value.Number);
        var subscription = channel.Reader.AsObservable().Subscribe(observer);
        Hang.UntilWaiting(channel.Core.Items);
        subscription.Dispose();
        Hang.Until(() => !channel.Core.Items.Gate.HasWaiters);

        channel.Writer.Publish(new Small(7));

        Assert.True(await channel.Reader.WaitToTakeAsync().Guard());
        using var lease = channel.Reader.Take();
        Assert.Equal(7, lease.Value.Number);
        Assert.Empty(observer.Numbers);
    }

    [Fact]
    public async Task Copies_ThatShareTheSidePool_WaitForEachOther()
    {
        using var channel = SlabChannel.CreateSpsc<Small>(new SlabChannelOptions { Capacity = 4 }); // 64 slots for copies
        var kept = new ConcurrentQueue<Lease<Small>>();
        Recorder<Lease<Small>>[] observers = [.. Enumerable.Range(0, 3).Select(_ => new Recorder<Lease<Small>>(static lease => lease.Value.Number, kept.Enqueue))];
        foreach (var observer in observers)
            channel.Reader.AsRetainedObservable().Subscribe(observer);
        var producer = Hang.Start(() =>
        {
            for (var number = 0; number < 300; number++)
                channel.Writer.Publish(new Small(number));
            channel.Complete();
        });

        // Returned only when all copies are out, or there will be no more.
        Hang.Until(() =>
        {
            if (kept.Count == 64 || producer.IsCompleted)
                while (kept.TryDequeue(out var lease))
                    lease.Dispose();
            return observers.All(static observer => observer.End.IsCompleted);
        });

        await producer.Guard();
        foreach (var observer in observers)
        {
            Assert.Null(await observer.End);
            Assert.Equal(Enumerable.Range(0, 300), observer.Numbers);
        }
        while (kept.TryDequeue(out var lease))
            lease.Dispose();
        Assert.Equal(0, channel.Statistics.HeldLeases);
    }

    [Fact]
    public async Task Copies_AllHeldByOthers_FailTheObserver()
    {
        using var channel = SlabChannel.CreateSpsc<Small>(new SlabChannelOptions { Capacity = 4 });
        channel.Writer.Publish(new Small(1));
        var first = channel.Reader.Take();
        Lease<Small>[] others = [.. Enumerable.Range(0, 64).Select(_ => first.Retain())];
        first.Dispose();
        var observer = new Recorder<Lease<Small>>(static lease => lease.Value.Number);
        channel.Reader.AsRetainedObservable().Subscribe(observer);

        channel.Writer.Publish(new Small(2));

        Assert.IsType<ChannelFullException>(await observer.End.Guard());
        Assert.Empty(observer.Numbers);
        Array.ForEach(others, static lease => lease.Dispose());
        Hang.Until(() => channel.Statistics.HeldLeases == 0);
    }
}
