using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;
using Psyne.Flow.Tests.Dataflow.Slab;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>What every kind of block does with bad input: an error that says what is wrong, and every lease comes back.</summary>
public abstract class BadInputTests<T> : IDisposable where T : unmanaged, INumbered<T>
{
    private readonly Leases<T> _messages = new();

    public static TheoryData<string> Kinds() => AnyBlock<T>.Kinds();

    public static TheoryData<string> Sources() => AnyBlock<T>.Sources();

    public static TheoryData<string, int> SourcesAndCounts()
    {
        var data = new TheoryData<string, int>();
        foreach (string kind in AnyBlock<T>.Sources().Select(row => row.Data))
        {
            data.Add(kind, 0);
            data.Add(kind, 1);
            data.Add(kind, 4);
        }
        return data;
    }

    public void Dispose()
    {
        _messages.Reclaim();
        Assert.Equal(0, _messages.Live);
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts in what makes one message; what is declined stays with the sender. False where it was.</summary>
    private bool Feed(AnyBlock<T> any, int number)
    {
        any.Feed?.Invoke(number);
        bool fed = true;
        foreach (ITargetBlock<Lease<T>> target in any.Targets)
        {
            Lease<T> message = _messages.Make(number);
            if (target.Post(message))
                continue;
            message.Dispose();
            fed = false;
        }
        return fed;
    }

    /// <summary>As <see cref="Feed"/>, for blocks that take nothing but from sources.</summary>
    private Task<bool>[] Send(AnyBlock<T> any, int number) => [.. any.Targets.Select(async target =>
    {
        Lease<T> message = _messages.Make(number);
        bool sent = await target.SendAsync(message);
        if (!sent)
            message.Dispose();
        return sent;
    })];

    private static async Task<Exception> FaultOf(AnyBlock<T> any)
    {
        await any.Block.Completion.ContinueWith(static _ => { }, TaskScheduler.Default).Guard();
        Assert.Equal(TaskStatus.Faulted, any.Block.Completion.Status);
        return any.Block.Completion.Exception!.Flatten();
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task Link_Null_SaysWhichAndHarmsNothing(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind);
        any.Outlet!.LinkNullTarget();
        any.Outlet.LinkNullOptions();
        any.Outlet.LinkNullPredicate();
        using IDisposable link = any.Outlet.Link();
        Task<bool>[] sent = Send(any, 1);
        any.Feed?.Invoke(1);
        Assert.All(await Task.WhenAll(sent).Guard(), Assert.True);
        Hang.Until(() => any.Outlet.Count == 1);
        any.Block.Complete();
        await any.Block.Completion.Guard();
        await any.Outlet.Completion.Guard();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Options_Null_AreTheDefaults(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind, null);
        Assert.Equal($"{any.Block.GetType().Name} Id={any.Block.Completion.Id}", any.Block.ToString());
        Assert.Throws<ArgumentNullException>("exception", () => ((IDataflowBlock)any.Block).Fault(null!));
        any.Block.Complete();
        await any.Block.Completion.Guard();
        Assert.False(Feed(any with { Feed = null }, 1) && any.Targets.Length > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    public void Bounds_OutOfRange_SayTheValue(int value)
    {
        void Says(string parameter, Action set)
        {
            // TPL's own setters name the parameter alone.
            var error = Assert.Throws<ArgumentOutOfRangeException>(set);
            Assert.True(error.ParamName == parameter || error.ActualValue is { } actual && Convert.ToInt64(actual, null) == value, error.Message);
        }

        Says("value", () => _ = new SlabBlockOptions { BoundedCapacity = value });
        Says("value", () => _ = new SlabBlockOptions { MaxDegreeOfParallelism = value });
        Says("value", () => _ = new SlabBlockOptions { MaxMessagesPerTask = value });
        Says("value", () => _ = new SlabBatchOptions { MaxNumberOfGroups = value });
        Says("value", () => _ = new DataflowLinkOptions { MaxMessages = value });
        Says("value", () => _ = new SlabBlockOptions { BoundedBytes = value });
        Says("value", () => _ = new SlabBatchOptions { MaxBytes = value });
        Says("batchSize", () => _ = new SlabBatchBlock<T>(value));
        Says("sources", () => _ = new SlabMergeBlock<T>(value));
        Says("value", () => _ = new SlabBlockOptions { SizeFactor = Math.Min(value, -1) });
    }

    [Fact]
    public void Parallelism_OfABlockOfOnesOwn_SaysTheValue()
    {
        var options = new SlabBlockOptions { MaxDegreeOfParallelism = 3 };
        Assert.Contains("3", Assert.Throws<ArgumentOutOfRangeException>("options", () => new EchoBlock<T>(null, moves: true, options)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Token_CancelledFromTheStart_TakesNothing(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind, new Setup(Token: new CancellationToken(canceled: true)));
        Assert.True(any.Targets.Length == 0 || !Feed(any, 1));
        Assert.All(await Task.WhenAll(Send(any, 2)).Guard(), Assert.False);
        any.Outlet?.Link().Dispose();
        using IDisposable? link = any.Outlet?.Link();
        if (any.Outlet is { } outlet)
            await outlet.Completion.Guard(); // the end is passed on, as an end (C40)
        await any.Block.Completion.ContinueWith(static _ => { }, TaskScheduler.Default).Guard();
        Assert.Equal(TaskStatus.Canceled, any.Block.Completion.Status);
        Assert.Equal(0, any.Outlet?.Count ?? 0);
    }

    [Theory, MemberData(nameof(SourcesAndCounts))]
    public async Task Scheduler_ThatRefuses_FaultsTheBlockAndGivesAllBack(string kind, int tasks)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind, new Setup(new FailingScheduler(tasks)));
        using IDisposable link = any.Outlet!.Link();
        await Hang.Start(() =>
        {
            // One by one, so that the block has to ask for a task again and again.
            for (int number = 1; !any.Block.Completion.IsCompleted; number++)
            {
                if (kind == "reserving join")
                    _ = Send(any, number);
                else
                    Feed(any, number);
                long seen = number;
                Hang.Until(() => any.Outlet.Count >= seen || any.Block.Completion.IsCompleted);
            }
        }).Guard();

        Assert.Contains(FailingScheduler.Refusal, (await FaultOf(any)).ToString(), StringComparison.Ordinal);
        Assert.Contains(FailingScheduler.Refusal, (await Assert.ThrowsAnyAsync<Exception>(() => any.Outlet.Completion.Guard())).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("action")]
    [InlineData("parallel action")]
    [InlineData("async action")]
    public async Task Scheduler_ThatRefuses_FaultsAnAction(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind, new Setup(new FailingScheduler(0)));
        for (int number = 1; number <= 3; number++)
            Feed(any, number);
        Assert.Contains(FailingScheduler.Refusal, (await FaultOf(any)).ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task Predicate_ThatThrows_FaultsTheBlockAndGivesAllBack(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind);
        using IDisposable link = any.Outlet!.Link(number => number < 3 ? true : throw new FormatException("on purpose"));
        for (int number = 1; number <= 5; number++)
        {
            if (kind == "reserving join")
                _ = Send(any, number);
            else
                Feed(any, number);
        }
        Assert.Contains("on purpose", (await FaultOf(any)).ToString(), StringComparison.Ordinal);
        // What came before went on, what comes after is dropped with the fault, which the next block is told of.
        Assert.Contains("on purpose", (await Assert.ThrowsAnyAsync<Exception>(() => any.Outlet.Completion.Guard())).ToString(), StringComparison.Ordinal);
        Assert.InRange(any.Outlet.Count, 0, 2);
        Assert.True(any.Targets.Length == 0 || !Feed(any with { Feed = null }, 6));
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task Predicate_OfTheExtension_ThatThrows_FaultsTheBlock(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind);
        using IDisposable link = any.Outlet!.LinkByExtension(_ => throw new FormatException("on purpose"));
        if (kind == "reserving join")
            _ = Send(any, 1);
        else
            Feed(any, 1);
        Assert.Contains("on purpose", (await FaultOf(any)).ToString(), StringComparison.Ordinal);
        Assert.Equal(0, any.Outlet.Count);
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task Predicate_ThatThrowsForAMessageThatWaits_FaultsTheBlock(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind);
        if (kind == "reserving join")
            _ = Send(any, 1);
        else
            Feed(any, 1);
        Hang.Until(() => any.Block.Statistics.OutputCount > 0 || kind == "broadcast");
        Exception? thrown = Record.Exception(() => any.Outlet!.Link(_ => throw new FormatException("on purpose")));

        Assert.True(thrown is null or FormatException, thrown?.ToString());
        Assert.Contains("on purpose", (await FaultOf(any)).ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Sources))]
    public async Task Filter_ThatThrows_IsTheReceiversAndLeavesTheMessage(string kind)
    {
        AnyBlock<T> any = AnyBlock<T>.New(kind);
        Assert.SkipWhen(kind == "broadcast", "a broadcast is linked to, not received from");
        if (kind == "reserving join")
            _ = Send(any, 1);
        else
            Feed(any, 1);
        Hang.Until(() => any.Block.Statistics.OutputCount > 0);
        Assert.Throws<FormatException>(() => any.Outlet!.TryReceive(_ => throw new FormatException()));
        Assert.False(any.Outlet!.TryReceive(number => number == 2));
        Assert.True(any.Outlet.TryReceive(number => number == 1));
        any.Block.Complete();
        await any.Block.Completion.Guard();
    }
}

public sealed class SmallBadInputTests : BadInputTests<Small>;

public sealed class LargeBadInputTests : BadInputTests<Large>;
