using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What a block owes the user's code that it runs, and what that code may do to it.</summary>
public abstract class DelegateContract<T>(Func<Messages<T>> messages, Func<Messages<T>, ExecutionDataflowBlockOptions, IDelegateUnderTest<T>> open)
    : DataflowFixture<T>(messages)
{
    private IDelegateUnderTest<T> Open(ExecutionDataflowBlockOptions? options = null) => Track(open(Messages, options ?? Options()));

    [Fact, Trait("rule", "C35"), Trait("rule", "C37")]
    public async Task Code_Throws_FaultsTheBlockAndDropsTheRest()
    {
        IDelegateUnderTest<T> block = Open();
        var error = new InvalidOperationException("on purpose");
        block.Inside = value =>
        {
            if (value == 2)
                throw error;
        };
        for (int i = 1; i <= 4; i++)
            Assert.True(block.Feed(i));
        // 1 is dropped as well where it was put out and not yet taken.
        Assert.Empty(block.Seen);

        await RunUntil(block.Block.Completion);

        Assert.Equal(TaskStatus.Faulted, block.Block.Completion.Status);
        Assert.Contains(error, block.Block.Completion.Exception!.Flatten().InnerExceptions);
        Assert.False(block.Feed(5));
        Assert.Equal(0, block.Held);
        Assert.True(block.Seen is [] or [1]);
        Drops(block, 3 - block.Seen.Count);
    }

    [Fact, Trait("rule", "C35")]
    public async Task Code_ThrowsTwiceAtOnce_CompletionHasAllExceptions()
    {
        ExecutionDataflowBlockOptions options = new() { MaxDegreeOfParallelism = 2 };
        IDelegateUnderTest<T> block = Open(options);
        using var both = new Barrier(2);
        block.Inside = value =>
        {
            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60)), "The two never met.");
            throw new InvalidOperationException($"on purpose {value}");
        };

        Assert.True(block.Feed(1));
        Assert.True(block.Feed(2));
        await Drain(block.Block.Completion);

        Assert.Equal(["on purpose 1", "on purpose 2"], block.Block.Completion.Exception!.Flatten().InnerExceptions.Select(error => error.Message).Order());
    }

    [Fact, Trait("rule", "C35")]
    public async Task Completion_WhileCodeRuns_Waits()
    {
        using var source = new CancellationTokenSource();
        ExecutionDataflowBlockOptions options = Options(source.Token);
        IDelegateUnderTest<T> block = Open(options);
        bool left = false;
        block.Inside = _ =>
        {
            source.Cancel();
            block.Block.Complete();
            Volatile.Write(ref left, true);
        };
        Task<bool> leftAtTheEnd = block.Block.Completion.ContinueWith(
            _ => Volatile.Read(ref left), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.True(block.Feed(1));

        await RunUntil(block.Block.Completion);

        Assert.True(await leftAtTheEnd.Guard());
        Assert.Equal(TaskStatus.Canceled, block.Block.Completion.Status);
        Assert.True(block.Seen is [] or [1]);
        Drops(block, block.Seen.Count == 0 && Messages.Live > 0 ? 1 : 0);
    }

    [Fact, Trait("rule", "C43")]
    public async Task Scheduler_Refuses_FaultsTheBlock()
    {
        IDelegateUnderTest<T> block = Open(new() { TaskScheduler = new RefusingScheduler() });

        block.Feed(1);

        await RunUntil(block.Block.Completion);
        Assert.Equal(TaskStatus.Faulted, block.Block.Completion.Status);
        Assert.Contains(RefusingScheduler.Refusal, block.Block.Completion.Exception!.Flatten().InnerExceptions.SelectMany(Reasons));
        Drops(block, 1);
    }

    [Fact, Trait("rule", "C44")]
    public void Code_Always_RunsOnTheSchedulerWithoutAttachedChildren()
    {
        IDelegateUnderTest<T> block = Open();
        var schedulers = new List<TaskScheduler>();
        block.Inside = _ => schedulers.Add(TaskScheduler.Current);

        Assert.True(block.Feed(1));
        Assert.True(block.Feed(2));
        Assert.Empty(schedulers);
        Drain();

        Assert.Equal([Pump, Pump], schedulers);
        Assert.NotEmpty(Pump.Options);
        Assert.All(Pump.Options, options => Assert.True(options.HasFlag(TaskCreationOptions.DenyChildAttach)));
    }

    [Theory, Trait("rule", "C44")]
    [InlineData(1)]
    [InlineData(2)]
    public void MaxMessagesPerTask_Set_EndsTheTaskAfterSoMany(int limit)
    {
        ExecutionDataflowBlockOptions options = Options();
        options.MaxMessagesPerTask = limit;
        IDelegateUnderTest<T> block = Open(options);
        int inOneTask = 0;
        var counts = new List<int>();
        block.Inside = _ => inOneTask++;
        for (int i = 0; i < 5; i++)
            Assert.True(block.Feed(i));

        while (Pump.RunOne())
        {
            counts.Add(inOneTask);
            inOneTask = 0;
        }

        Assert.Equal(5, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 0, limit));
    }

    [Fact, Trait("rule", "C44")]
    public async Task MaxDegreeOfParallelism_OfTwo_RunsTwoAtOnce()
    {
        ExecutionDataflowBlockOptions options = new() { MaxDegreeOfParallelism = 2 };
        IDelegateUnderTest<T> block = Open(options);
        using var both = new Barrier(2);
        int most = 0, now = 0;
        block.Inside = _ =>
        {
            int inside = Interlocked.Increment(ref now);
            InterlockedMax(ref most, inside);
            Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60)), "The two never met.");
            Interlocked.Decrement(ref now);
        };

        for (int i = 1; i <= 8; i++)
            Assert.True(block.Feed(i));
        block.Block.Complete();
        await RunUntil(TakenOut(block, 8));
        await Drain(block.Block.Completion);

        Assert.Equal(2, most);
        Assert.Equal(Enumerable.Range(1, 8), block.Seen.Order());
    }

    [Fact, Trait("rule", "C44")]
    public async Task MaxDegreeOfParallelism_OfOne_RunsOneAtATimeInOrder()
    {
        IDelegateUnderTest<T> block = Open(new());
        int most = 0, now = 0;
        block.Inside = _ =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            Interlocked.Decrement(ref now);
        };

        for (int i = 1; i <= 200; i++)
            Assert.True(block.Feed(i));
        block.Block.Complete();
        await RunUntil(TakenOut(block, 200));

        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(1, 200), block.Seen);
    }

    [Theory, Trait("rule", "C32")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EnsureOrdered_TheSecondIsDoneFirst_DecidesTheOrder(bool ordered)
    {
        IDelegateUnderTest<T> block = Open(new() { MaxDegreeOfParallelism = 2, EnsureOrdered = ordered });
        Assert.SkipUnless(block.Block is ISourceBlock<T>, "a block without output has no order of it");
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        block.Inside = value =>
        {
            // Unordered, the first is held until the second is out; ordered, the second can't be out, only done.
            if (value == 1)
                second.Task.Guard().GetAwaiter().GetResult();
            else if (ordered)
                second.SetResult();
        };
        Assert.True(block.Feed(1));
        Assert.True(block.Feed(2));
        if (!ordered)
        {
            await RunUntil(TakenOut(block, 1));
            second.SetResult();
        }

        await RunUntil(TakenOut(block, 2));

        Assert.Equal(ordered ? [1, 2] : [2, 1], block.Seen);
    }

    /// <summary>
    /// The least that C45 can mean: such an exception neither ends the block nor stops it. Whether the message vanishes, as in
    /// the stock blocks, or is counted, is for each block's own tests.
    /// </summary>
    [Fact, Trait("rule", "C45")]
    public async Task Code_ThrowsOperationCanceled_TheBlockGoesOn()
    {
        IDelegateUnderTest<T> block = Open();
        block.Inside = value =>
        {
            if (value == 2)
                throw new OperationCanceledException();
        };
        for (int i = 1; i <= 3; i++)
            Assert.True(block.Feed(i));

        block.Block.Complete();

        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.Equal([1, 3], block.Seen);
    }

    [Fact, Trait("rule", "C14")]
    public void Code_WhileItRuns_NoLockIsHeld()
    {
        IDelegateUnderTest<T> block = Open();
        block.Inside = value => Elsewhere(() =>
        {
            if (value == 1)
                Assert.True(block.Feed(2));
            Assert.InRange(block.Held, 0, 3);
            block.Target.ToString();
        });

        Assert.True(block.Feed(1));
        Drain();

        Assert.Equal([1, 2], block.Seen);
    }

    /// <summary>Room is given back when the user's code is done with a message, not when it begins.</summary>
    [Fact, Trait("rule", "C12")]
    public void BoundedCapacity_WhileCodeRuns_CountsItsMessage()
    {
        IDelegateUnderTest<T> block = Open(Options(boundedCapacity: 1));
        var inside = new List<bool>();
        block.Inside = value => inside.Add(value == 1 && block.Feed(2));

        Assert.True(block.Feed(1));
        Drain();

        Assert.Equal([false], inside);
        Assert.True(block.Feed(3));
        Drain();
        Assert.Equal([1, 3], block.Seen);
    }

    private static IEnumerable<string> Reasons(Exception error)
    {
        for (Exception? reason = error; reason is not null; reason = reason.InnerException)
            yield return reason.Message;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    // A block on the thread pool puts out when it likes; nothing is decided by when.
    private static Task TakenOut(IDelegateUnderTest<T> block, int count) => Hang.Start(() => Hang.Until(() =>
    {
        block.TakeOut();
        return block.Seen.Count >= count;
    }));
}
