using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The extension methods of DataflowBlock that take messages out.</summary>
public abstract partial class SourceContract<T>
{
    [Fact, Trait("rule", "Receive")]
    public void Receive_Available_IsImmediate()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Holding(1, 2);

        Assert.Equal(1, Messages.Take(block.Source.Receive()));
        Assert.Equal(2, Messages.Take(block.Source.Receive(TimeSpan.FromSeconds(60))));
    }

    [Fact, Trait("rule", "ReceiveAsync")]
    public async Task ReceiveAsync_Empty_WaitsForTheNext()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Open();
        Task<T> first = block.Source.ReceiveAsync(), second = block.Source.ReceiveAsync();
        Assert.False(first.IsCompleted);

        Assert.True(block.Feed(1));
        Assert.True(block.Feed(2));
        await RunUntil(Task.WhenAll(first, second));

        Assert.Equal([1, 2], new[] { Messages.Take(await first), Messages.Take(await second) }.Order());
    }

    [Fact, Trait("rule", "ReceiveAsync")]
    public async Task ReceiveAsync_Cancelled_TakesNothing()
    {
        ISourceUnderTest<T> block = Open();
        using var source = new CancellationTokenSource();
        Task<T> receiving = block.Source.ReceiveAsync(source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.Guard());
        Feed(block, 1);

        Assert.Equal(1, Receive(block));
    }

    [Fact, Trait("rule", "ReceiveAsync")]
    public async Task ReceiveAsync_CompletedEmpty_Throws()
    {
        ISourceUnderTest<T> block = Open();
        Task<T> receiving = block.Source.ReceiveAsync();

        block.Block.Complete();
        await RunUntil(receiving);

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiving);
        await Assert.ThrowsAsync<InvalidOperationException>(() => block.Source.ReceiveAsync().Guard());
    }

    [Fact, Trait("rule", "OutputAvailableAsync")]
    public async Task OutputAvailableAsync_Fed_IsTrueAndTakesNothing()
    {
        ISourceUnderTest<T> block = Open();
        Task<bool> early = block.Source.OutputAvailableAsync();
        Assert.False(early.IsCompleted);

        Assert.True(block.Feed(1));
        await RunUntil(early);
        Task<bool> late = block.Source.OutputAvailableAsync();
        await RunUntil(late);

        Assert.True(await early);
        Assert.True(await late);
        Assert.Equal(1, Receive(block));
    }

    [Theory, Trait("rule", "OutputAvailableAsync")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OutputAvailableAsync_Ended_IsFalse(bool fault)
    {
        ISourceUnderTest<T> block = Open();
        Task<bool> early = block.Source.OutputAvailableAsync();

        if (fault)
            block.Block.Fault(new InvalidOperationException("on purpose"));
        else
            block.Block.Complete();
        await RunUntil(early);

        Assert.False(await early);
        Assert.False(await block.Source.OutputAvailableAsync().Guard());
    }

    /// <summary>Stock hides a fault here (dotnet/runtime #79535); ours throws, which is for its own tests.</summary>
    [Fact, Trait("rule", "ReceiveAllAsync")]
    public async Task ReceiveAllAsync_UntilTheEnd_GivesAllInOrder()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Holding(1, 2);
        Task<List<int>> reading = ReadAll(block.Source);

        Feed(block, 3);
        block.Block.Complete();
        await RunUntil(reading);

        Assert.Equal([1, 2, 3], await reading);
    }

    private async Task<List<int>> ReadAll(IReceivableSourceBlock<T> source)
    {
        var all = new List<int>();
        await foreach (T message in source.ReceiveAllAsync())
            all.Add(Messages.Take(message));
        return all;
    }

    [Fact, Trait("rule", "LinkTo")]
    public void LinkTo_Predicate_PassesWhatMatches()
    {
        Applies("C28");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> even = NewTarget(), rest = NewTarget();
        block.Source.LinkTo(even, message => Messages.Read(message) % 2 == 0);
        block.Source.LinkTo(rest);

        Feed(block, 1, 2, 3, 4);

        Assert.Equal([2, 4], even.Offered);
        Assert.Equal([1, 3], rest.Received);
    }

    [Fact, Trait("rule", "LinkTo")]
    public void LinkTo_PredicateThatNothingMatches_HoldsTheHead()
    {
        Applies("C28");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> even = NewTarget();
        block.Source.LinkTo(even, message => Messages.Read(message) % 2 == 0);

        Feed(block, 1, 2);
        Assert.Empty(even.Offers);
        Assert.Equal(1, Receive(block));
        Pump.Run();

        Assert.Equal([2], even.Received);
    }

    [Fact, Trait("rule", "LinkTo")]
    public async Task LinkTo_PredicateWithOptions_CountsAndPropagates()
    {
        Applies("C27");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> even = NewTarget(), rest = NewTarget();
        block.Source.LinkTo(rest, new DataflowLinkOptions { PropagateCompletion = true });
        block.Source.LinkTo(even, new DataflowLinkOptions { MaxMessages = 1, Append = false }, message => Messages.Read(message) % 2 == 0);

        Feed(block, 1, 2, 3, 4);
        block.Block.Complete();
        await RunUntil(rest.Completion);

        Assert.Equal([2], even.Received);
        Assert.Equal([1, 3, 4], rest.Received);
        Assert.False(even.Ended);
    }

    [Fact, Trait("rule", "LinkTo")]
    public async Task LinkTo_PredicateOverATargetThatPostpones_ConsumesThroughTheLink()
    {
        Applies("C28");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> even = NewTarget(Postponed);
        block.Source.LinkTo(even, new DataflowLinkOptions { PropagateCompletion = true }, message => Messages.Read(message) % 2 == 0);
        Feed(block, 2);
        Offer<T> offer = Assert.Single(even.Offers);

        // The source that a filtered target sees stands between the two.
        Assert.True(even.Reserve(offer.Source!, offer.Id));
        Assert.Null(Receive(block));
        even.Release(offer.Source!, offer.Id);
        Assert.True(even.Reserve(offer.Source!, offer.Id));
        Assert.True(even.Consume(offer.Source!, offer.Id));

        block.Block.Complete();
        await RunUntil(even.Completion);
        Assert.Equal([2], even.Received);
    }

    [Fact, Trait("rule", "NullTarget"), Trait("rule", "P2")]
    public async Task NullTarget_Linked_SwallowsAll()
    {
        ISourceUnderTest<T> block = Open();
        block.Source.LinkTo(DataflowBlock.NullTarget<T>());
        Loses(3);

        Feed(block, 1, 2, 3);
        block.Block.Complete();

        await RunUntil(block.Block.Completion);
        Assert.Equal(TaskStatus.RanToCompletion, block.Block.Completion.Status);
        Assert.Equal(0, block.Held);
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_OneHasAMessage_TakesThatAndLeavesTheOther()
    {
        ISourceUnderTest<T> idle = Open(), busy = Holding(7);
        var taken = new List<int>();

        Task<int> choice = DataflowBlock.Choose(idle.Source, message => taken.Add(-Messages.Take(message)), busy.Source, message => taken.Add(Messages.Take(message)));
        await RunUntil(choice);
        Feed(idle, 8);

        Assert.Equal(1, await choice);
        Assert.Equal([7], taken);
        Assert.Equal(8, Receive(idle));
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_BothHaveMessages_TakesOneOnly()
    {
        Applies("C32");
        ISourceUnderTest<T> one = Holding(1, 2), two = Holding(3, 4);
        var taken = new List<int>();

        Task<int> choice = DataflowBlock.Choose(one.Source, message => taken.Add(Messages.Take(message)), two.Source, message => taken.Add(Messages.Take(message)));
        await RunUntil(choice);
        Drain();

        Assert.Equal([await choice == 0 ? 1 : 3], taken);
        Assert.Equal(new[] { 1, 2, 3, 4 }.Except(taken), one.Seen.Concat(two.Seen));
    }

    [Fact, Trait("rule", "Choose")]
    public async Task Choose_BothEnd_IsCanceled()
    {
        ISourceUnderTest<T> one = Open(), two = Open();
        Task<int> choice = DataflowBlock.Choose(one.Source, _ => { }, two.Source, _ => { });

        one.Block.Complete();
        two.Block.Complete();
        await RunUntil(choice);

        Assert.Equal(TaskStatus.Canceled, choice.Status);
    }

    [Fact, Trait("rule", "AsObservable")]
    public async Task AsObservable_Subscribed_SeesAllAndTheEnd()
    {
        ISourceUnderTest<T> block = Open();
        var observer = new Watcher(Messages);
        using IDisposable subscription = block.Source.AsObservable().Subscribe(observer);

        for (int i = 1; i <= 3; i++)
        {
            Feed(block, i);
            await RunUntil(observer.Saw(i));
        }
        block.Block.Complete();
        await RunUntil(observer.Ended);

        Assert.Equal([1, 2, 3], observer.Values);
        Assert.Null(await observer.Ended);
    }

    [Fact, Trait("rule", "AsObservable")]
    public async Task AsObservable_BlockFaults_SeesTheError()
    {
        ISourceUnderTest<T> block = Open();
        var observer = new Watcher(Messages);
        using IDisposable subscription = block.Source.AsObservable().Subscribe(observer);
        var error = new InvalidOperationException("on purpose");

        block.Block.Fault(error);
        await RunUntil(observer.Ended);

        Assert.Contains(error, Assert.IsType<AggregateException>(await observer.Ended).Flatten().InnerExceptions);
    }

    [Fact, Trait("rule", "AsObservable")]
    public void AsObservable_Unsubscribed_LeavesTheMessages()
    {
        ISourceUnderTest<T> block = Open();
        block.Source.AsObservable().Subscribe(new Watcher(Messages)).Dispose();

        Feed(block, 1);

        Assert.Equal(1, Receive(block));
    }

    private sealed class Watcher(Messages<T> messages) : IObserver<T>
    {
        private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<int> _values = [];
        private readonly Dictionary<int, TaskCompletionSource> _saw = [];

        internal Task<Exception?> Ended => _ended.Task;

        internal IReadOnlyList<int> Values
        {
            get
            {
                lock (_values)
                    return [.. _values];
            }
        }

        internal Task Saw(int value) => Signal(value).Task;

        public void OnNext(T value)
        {
            int number = messages.Take(value);
            lock (_values)
                _values.Add(number);
            Signal(number).TrySetResult();
        }

        public void OnCompleted() => _ended.TrySetResult(null);

        public void OnError(Exception error) => _ended.TrySetResult(error);

        private TaskCompletionSource Signal(int value)
        {
            lock (_saw)
            {
                if (!_saw.TryGetValue(value, out TaskCompletionSource? signal))
                    _saw.Add(value, signal = new(TaskCreationOptions.RunContinuationsAsynchronously));
                return signal;
            }
        }
    }
}
