using System.Reflection;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What every block does, source or target: names, validation, completion.</summary>
public abstract class BlockContract<T>(Func<Messages<T>> messages, Func<Messages<T>, ExecutionDataflowBlockOptions, IBlockUnderTest> open)
    : DataflowFixture<T>(messages)
{
    private static readonly string[] Shown = ["Complete", "get_Completion", "ToString"];
    private static readonly string[] ShownOfSources = ["LinkTo", "TryReceive", "TryReceiveAll"];
    private static readonly string[] Hidden = ["Fault", "OfferMessage", "ConsumeMessage", "ReserveMessage", "ReleaseReservation"];

    [ThreadStatic]
    private static bool t_insideCall;

    private IBlockUnderTest Open(ExecutionDataflowBlockOptions? options = null) => Track(open(Messages, options ?? Options()));

    [Fact, Trait("rule", "C1")]
    public void Block_PublicMembers_AreWhatUsersNeedAndNotTheProtocol()
    {
        Type type = Open().Block.GetType();
        string[] methods = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => method.Name)];

        Assert.Empty(Shown.Except(methods));
        Assert.Empty(Hidden.Intersect(methods));
        if (type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IReceivableSourceBlock<>)))
            Assert.Empty(ShownOfSources.Except(methods));
    }

    [Theory, Trait("rule", "C2")]
    [InlineData("{0}")]
    [InlineData("{1}")]
    [InlineData("{0} and {1}")]
    [InlineData("plain")]
    public void ToString_NameFormat_IsHonoured(string format)
    {
        ExecutionDataflowBlockOptions options = Options();
        options.NameFormat = format;
        IDataflowBlock block = Open(options).Block;

        Assert.Equal(string.Format(null, format, block.GetType().Name, block.Completion.Id), block.ToString());
    }

    [Fact, Trait("rule", "C6")]
    public void Fault_Null_Throws()
    {
        IDataflowBlock block = Open().Block;

        Assert.Throws<ArgumentNullException>("exception", () => block.Fault(null!));
        Assert.False(block.Completion.IsCompleted);
    }

    [Fact, Trait("rule", "C34")]
    public async Task Completion_Always_IsTheSameTask()
    {
        IBlockUnderTest block = Open();
        Task completion = block.Block.Completion;
        Assert.NotNull(completion);
        Assert.False(completion.IsCompleted);

        block.Feed(1);
        Assert.Same(completion, block.Block.Completion);
        block.Block.Complete();
        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.Same(completion, block.Block.Completion);
    }

    [Fact, Trait("rule", "C34")]
    public async Task Completion_WithMessagesInside_IsNotEarly()
    {
        IBlockUnderTest block = Open();
        for (int i = 1; i <= 5; i++)
            Assert.True(block.Feed(i));
        Task<int> heldAtTheEnd = block.Block.Completion.ContinueWith(
            _ => block.Held, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        block.Block.Complete();
        Assert.Equal(TaskStatus.RanToCompletion, await End(block));

        Assert.Equal(0, await heldAtTheEnd.Guard());
        Assert.Equal([1, 2, 3, 4, 5], block.Seen);
    }

    [Fact, Trait("rule", "C35"), Trait("rule", "C36")]
    public async Task Complete_Empty_RunsToCompletionAndTakesNothingMore()
    {
        IBlockUnderTest block = Open();

        block.Block.Complete();

        Assert.False(block.Feed(1));
        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.False(block.Feed(2));
        Drain();
        Assert.Empty(block.Seen);
    }

    [Fact, Trait("rule", "C36")]
    public async Task Complete_WithMessagesInside_LetsThemThroughAndNoMore()
    {
        IBlockUnderTest block = Open();
        block.Feed(1);
        block.Feed(2);

        block.Block.Complete();
        block.Block.Complete();
        Assert.False(block.Feed(3));

        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.Equal([1, 2], block.Seen);
    }

    [Fact, Trait("rule", "C35")]
    public async Task Fault_Always_FaultsWithTheException()
    {
        IBlockUnderTest block = Open();
        var error = new InvalidOperationException("on purpose");

        block.Block.Fault(error);

        Assert.Equal(TaskStatus.Faulted, await End(block));
        Assert.Contains(error, block.Block.Completion.Exception!.Flatten().InnerExceptions);
        Assert.False(block.Feed(1));
    }

    [Fact, Trait("rule", "C39")]
    public async Task Fault_Twice_EndsOnceWithTheFirst()
    {
        IBlockUnderTest block = Open();
        var error = new InvalidOperationException("first");

        block.Block.Fault(error);
        block.Block.Fault(new InvalidOperationException("second"));
        block.Block.Complete();

        Assert.Equal(TaskStatus.Faulted, await End(block));
        Assert.Equal([error], block.Block.Completion.Exception!.Flatten().InnerExceptions);
        block.Block.Fault(new InvalidOperationException("third"));
        Assert.Equal([error], block.Block.Completion.Exception!.Flatten().InnerExceptions);
    }

    /// <summary>
    /// Rule C39, mended: from outside a block can be faulted until it declines for ever. After that a fault is no end of its
    /// own, but stock blocks with a user's code drop what the code has not seen, and BufferBlock does not.
    /// </summary>
    [Fact, Trait("rule", "C39")]
    public async Task Fault_AfterComplete_DoesNotFault()
    {
        IBlockUnderTest block = Open();
        block.Feed(1);
        block.Block.Complete();

        block.Block.Fault(new InvalidOperationException("too late"));

        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.Equal(0, block.Held);
        Drops(block, 1 - block.Seen.Count);
    }

    [Theory, Trait("rule", "C37")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FaultOrCancel_WithMessagesInside_DropsThem(bool cancel)
    {
        Applies("C37");
        using var source = new CancellationTokenSource();
        IBlockUnderTest block = Open(Options(source.Token));
        block.Feed(1);
        block.Feed(2);
        Task<int> heldAtTheEnd = block.Block.Completion.ContinueWith(
            _ => block.Held, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Drops(block, 2);

        if (cancel)
            await source.CancelAsync();
        else
            block.Block.Fault(new InvalidOperationException("on purpose"));

        await RunUntil(block.Block.Completion);
        Assert.Equal(cancel ? TaskStatus.Canceled : TaskStatus.Faulted, block.Block.Completion.Status);
        Assert.Equal(0, await heldAtTheEnd.Guard());
        Drain();
        Assert.Empty(block.Seen);
    }

    [Fact, Trait("rule", "C42")]
    public async Task Block_WithACancelledToken_IsCanceledFromTheStart()
    {
        IBlockUnderTest block = Open(Options(new CancellationToken(canceled: true)));

        Assert.False(block.Feed(1));
        Assert.Equal(TaskStatus.Canceled, await End(block));
        Assert.Empty(block.Seen);
    }

    [Fact, Trait("rule", "C39")]
    public async Task Completion_SynchronousContinuation_RunsOutsideOfTheCallAndOfEveryLock()
    {
        IBlockUnderTest block = Open();
        Task<bool> inside = block.Block.Completion.ContinueWith(
            _ =>
            {
                Elsewhere(() =>
                {
                    Assert.False(block.Feed(1));
                    block.Block.Complete();
                    block.Block.Fault(new InvalidOperationException("too late"));
                });
                return t_insideCall;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        t_insideCall = true;
        block.Block.Complete();
        t_insideCall = false;

        await RunUntil(inside);
        Assert.False(await inside.Guard());
    }
}
