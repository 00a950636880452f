using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

public abstract partial class SourceContract<T>
{
    [Fact, Trait("rule", "C30")]
    public void Link_Disposed_IsOfferedNothing()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        IDisposable link = block.Source.LinkTo(target);
        Feed(block, 1);

        link.Dispose();
        Feed(block, 2);

        Assert.Equal([1], target.Offered);
    }

    [Fact, Trait("rule", "C30")]
    public async Task Link_DisposedTwiceFromAnyThread_IsFine()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget(), other = NewTarget();
        IDisposable link = block.Source.LinkTo(target);
        block.Source.LinkTo(other);

        await Task.WhenAll(Hang.Start(link.Dispose), Hang.Start(link.Dispose)).Guard();
        link.Dispose();
        Feed(block, 1);

        Assert.Empty(target.Offers);
        Assert.Equal([1], other.Received);
    }

    [Fact, Trait("rule", "C30")]
    public void Link_DisposedInsideAnOffer_IsTheLast()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        IDisposable? link = null;
        target.OnOffer = _ =>
        {
            link!.Dispose();
            return null;
        };
        link = block.Source.LinkTo(target);

        Feed(block, 1, 2);

        Assert.Equal([1], target.Received);
    }

    [Fact, Trait("rule", "C30")]
    public void Link_SameTargetTwice_StaysUntilBothAreDisposed()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        IDisposable one = block.Source.LinkTo(target), two = block.Source.LinkTo(target);
        Feed(block, 1);

        one.Dispose();
        Feed(block, 2);
        two.Dispose();
        Feed(block, 3);

        Assert.Equal([1, 2], target.Received.Distinct());
        Assert.DoesNotContain(3, target.Offered);
    }

    [Theory, Trait("rule", "C30"), Trait("rule", "C40")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Link_ToACompletedBlock_PropagatesAtOnceAndIsNothing(bool fault)
    {
        ISourceUnderTest<T> block = Open();
        if (fault)
            block.Block.Fault(new InvalidOperationException("on purpose"));
        else
            block.Block.Complete();
        await End(block);
        ProbeTarget<T> told = NewTarget(), untold = NewTarget();

        IDisposable link = block.Source.LinkTo(told, Propagate);
        IDisposable other = block.Source.LinkTo(untold);
        await RunUntil(told.Completion);
        link.Dispose();
        other.Dispose();

        Assert.Equal(fault, told.Error is not null);
        Assert.Equal(1, told.Ends);
        Assert.False(untold.Ended);
    }

    [Fact, Trait("rule", "C40")]
    public async Task Completion_Propagated_ToThoseThatWantIt()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> before = NewTarget(), silent = NewTarget(), after = NewTarget(), gone = NewTarget(), spent = NewTarget(DecliningPermanently);
        block.Source.LinkTo(spent, Propagate);
        block.Source.LinkTo(before, Propagate);
        block.Source.LinkTo(silent);
        block.Source.LinkTo(gone, Propagate).Dispose();
        block.Source.LinkTo(after, Propagate);
        Feed(block, 1);

        block.Block.Complete();
        Assert.Equal(TaskStatus.RanToCompletion, await End(block));

        // Told in the order of the links: when the last has been told, the others would have been.
        await RunUntil(Task.WhenAll(before.Completion, after.Completion));
        Assert.Null(before.Error);
        Assert.Null(after.Error);
        Assert.Equal([1, 1], new[] { before.Ends, after.Ends });
        Assert.False(silent.Ended);
        Assert.False(gone.Ended);
        Assert.False(spent.Ended);
        Assert.Equal([1], before.Received);
    }

    [Fact, Trait("rule", "C40"), Trait("rule", "C27")]
    public async Task Completion_AfterMaxMessages_IsNotPropagated()
    {
        Applies("C27");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> spent = NewTarget(), last = NewTarget();
        block.Source.LinkTo(spent, new DataflowLinkOptions { MaxMessages = 1, PropagateCompletion = true });
        block.Source.LinkTo(last, Propagate);
        Feed(block, 1, 2);

        block.Block.Complete();
        await RunUntil(last.Completion);

        Assert.False(spent.Ended);
        Assert.Equal([2], last.Received);
    }

    [Fact, Trait("rule", "C40")]
    public async Task Fault_Propagated_IsTheAggregateOfTheBlock()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target, Propagate);
        var error = new InvalidOperationException("on purpose");

        block.Block.Fault(error);
        await RunUntil(target.Completion);

        Assert.Contains(error, Assert.IsType<AggregateException>(target.Error).Flatten().InnerExceptions);
    }

    [Fact, Trait("rule", "C40")]
    public async Task Cancellation_Propagated_IsCompletion()
    {
        using var source = new CancellationTokenSource();
        ISourceUnderTest<T> block = Open(Options(source.Token));
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target, Propagate);

        await source.CancelAsync();
        await RunUntil(target.Completion);

        Assert.Null(target.Error);
        Assert.Equal(TaskStatus.Canceled, await End(block));
    }

    [Fact, Trait("rule", "C41"), Trait("rule", "C39")]
    public async Task Completion_Propagated_TheLinksAreGoneAlready()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget(), late = NewTarget();
        IDisposable? link = null;
        var ended = new List<bool>();
        target.OnEnd = () =>
        {
            Elsewhere(() =>
            {
                link!.Dispose();
                block.Source.LinkTo(late, Propagate);
            });
            ended.Add(block.Block.Completion.IsCompleted);
        };
        link = block.Source.LinkTo(target, Propagate);

        block.Block.Complete();
        await RunUntil(Task.WhenAll(target.Completion, late.Completion));

        Assert.Equal([true], ended);
        Assert.Equal(1, target.Ends);
        Assert.Equal(1, late.Ends);
    }

    [Fact, Trait("rule", "C36"), Trait("rule", "C40")]
    public async Task Complete_WithMessagesForALink_EndsAfterTheLast()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget(Postponed);
        block.Source.LinkTo(target, Propagate);
        Feed(block, 1);
        var endedInside = new List<bool>();
        target.OnOffer = offer =>
        {
            endedInside.Add(block.Block.Completion.IsCompleted);
            return null;
        };

        block.Block.Complete();
        Pump.Run();
        target.Reply = Accepted;
        Assert.True(target.Consume(block.Source, target.Ids[^1]));
        await RunUntil(target.Completion);

        Assert.DoesNotContain(true, endedInside);
        Assert.Equal([1], target.Received);
        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
    }

    [Fact, Trait("rule", "C42")]
    public async Task Source_WithACancelledToken_LinksAndGivesNothing()
    {
        ISourceUnderTest<T> block = Open(Options(new CancellationToken(canceled: true)));
        ProbeTarget<T> target = NewTarget();

        Assert.Null(Receive(block));
        Assert.False(block.Source.TryReceiveAll(out _));
        using (block.Source.LinkTo(target, Propagate))
            await RunUntil(target.Completion);

        Assert.Null(target.Error);
        Assert.Equal(TaskStatus.Canceled, await End(block));
    }
}
