using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

public abstract partial class SourceContract<T>
{
    [Fact, Trait("rule", "C16")]
    public void Consume_ByATargetNeverOffered_Succeeds()
    {
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> stranger = NewTarget();

        Assert.True(stranger.Consume(block.Source, HeadId(block)));

        Assert.Equal([1], stranger.Received);
    }

    [Fact, Trait("rule", "C17")]
    public void Consume_AnotherId_Fails()
    {
        Applies("C17");
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> target = NewTarget();
        long head = HeadId(block);

        Assert.False(target.Consume(block.Source, head + 1));
        Assert.False(target.Consume(block.Source, head - 2));
        Assert.True(target.Consume(block.Source, head));
        Assert.False(target.Consume(block.Source, head));
        Assert.Equal([1], target.Received);
        Assert.Equal(2, Receive(block));
        Assert.Null(Receive(block));
    }

    [Fact, Trait("rule", "C17")]
    public void Consume_Empty_Fails()
    {
        Applies("C17");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();

        Assert.False(target.Consume(block.Source, 1));
        Assert.False(target.Reserve(block.Source, 1));
    }

    [Fact, Trait("rule", "C17"), Trait("rule", "C22")]
    public void Consume_Reserved_IsForItsHolderOnly()
    {
        Applies("C17");
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> holder = NewTarget(), other = NewTarget();
        long head = HeadId(block);

        Assert.True(holder.Reserve(block.Source, head));
        Assert.False(other.Consume(block.Source, head));
        Assert.True(holder.Consume(block.Source, head));
        Assert.Equal([1], holder.Received);
        Assert.Empty(other.Received);
    }

    [Fact, Trait("rule", "C18")]
    public void Consume_Reserved_ClearsTheReservationAndMovesTheId()
    {
        Applies("C18");
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> holder = NewTarget(), other = NewTarget();
        long head = HeadId(block);
        Assert.True(holder.Reserve(block.Source, head));
        Assert.True(holder.Consume(block.Source, head));

        Assert.False(other.Reserve(block.Source, head));
        long next = HeadId(block);
        Assert.True(next > head);
        Assert.True(other.Reserve(block.Source, next));
        Assert.True(other.Consume(block.Source, next));
        Assert.Equal([2], other.Received);
    }

    [Fact, Trait("rule", "C18"), Trait("rule", "C28")]
    public void Consume_Always_OffersTheNextHead()
    {
        Applies("C18");
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> linked = NewTarget(Postponed), other = NewTarget();
        block.Source.LinkTo(linked);
        Pump.Run();
        Assert.Equal([1], linked.Offered);

        Assert.True(other.Consume(block.Source, linked.Ids[0]));
        Pump.Run();

        Assert.Equal([1, 2], linked.Offered);
    }

    [Fact, Trait("rule", "C18"), Trait("rule", "C27")]
    public void Consume_OverALinkWithMaxMessages_Counts()
    {
        Applies("C27");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget(Postponed);
        block.Source.LinkTo(target, new DataflowLinkOptions { MaxMessages = 1 });
        Feed(block, 1, 2);

        Assert.True(target.Consume(block.Source, target.Ids[0]));
        Pump.Run();

        Assert.Equal([1], target.Offered);
        Assert.Equal(2, Receive(block));
    }

    [Fact, Trait("rule", "C19")]
    public void Reserve_ReservedOrNotTheHead_Fails()
    {
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> holder = NewTarget(), other = NewTarget();
        long head = HeadId(block);

        Assert.False(other.Reserve(block.Source, head + 1));
        Assert.True(holder.Reserve(block.Source, head));
        Assert.False(other.Reserve(block.Source, head));
        Assert.False(other.Reserve(block.Source, head + 1));
        Assert.False(holder.Reserve(block.Source, head + 1));

        holder.Release(block.Source, head);
        Assert.True(other.Reserve(block.Source, head));
        other.Release(block.Source, head);
    }

    [Fact, Trait("rule", "C20")]
    public void Reserved_TryReceive_Fails()
    {
        Applies("C20");
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> holder = NewTarget();
        long head = HeadId(block);
        Assert.True(holder.Reserve(block.Source, head));

        Assert.Null(Receive(block));
        Assert.False(block.Source.TryReceiveAll(out _));
        Assert.Equal(2, block.Held);

        holder.Release(block.Source, head);
        Assert.Equal(1, Receive(block));
    }

    [Fact, Trait("rule", "C20"), Trait("rule", "C21")]
    public void Reserved_NothingIsOfferedUntilReleased()
    {
        Applies("C20");
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> holder = NewTarget(Postponed), late = NewTarget();
        block.Source.LinkTo(holder);
        Pump.Run();
        long head = holder.Ids[0];
        Assert.True(holder.Reserve(block.Source, head));

        block.Source.LinkTo(late);
        Feed(block, 2);
        Assert.Empty(late.Offers);
        Assert.Single(holder.Offers);

        holder.Release(block.Source, head);
        Pump.Run();
        Assert.Equal([1, 1, 2], holder.Offered);
        Assert.Equal([head, head, head + 1], holder.Ids);
        Assert.Equal([1, 2], late.Received);
    }

    [Fact, Trait("rule", "C21")]
    public void Release_ByAnotherOrWithAnotherId_Throws()
    {
        ISourceUnderTest<T> block = Holding(1, 2);
        ProbeTarget<T> holder = NewTarget(), other = NewTarget();
        long head = HeadId(block);
        Assert.Throws<InvalidOperationException>(() => holder.Release(block.Source, head));

        Assert.True(holder.Reserve(block.Source, head));
        Assert.Throws<InvalidOperationException>(() => other.Release(block.Source, head));
        Assert.Throws<InvalidOperationException>(() => holder.Release(block.Source, head + 1));

        Assert.False(other.Reserve(block.Source, head));
        holder.Release(block.Source, head);
        Assert.Throws<InvalidOperationException>(() => holder.Release(block.Source, head));
        Assert.True(other.Consume(block.Source, HeadId(block)));
    }

    [Theory, Trait("rule", "C38")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reserved_Completed_EndsWhenTheReservationDoes(bool consume)
    {
        Applies("C38");
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> holder = NewTarget();
        long head = HeadId(block);
        bool over = false;
        Assert.True(holder.Reserve(block.Source, head));
        Task<bool> overAtTheEnd = block.Block.Completion.ContinueWith(
            _ => Volatile.Read(ref over), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        block.Block.Complete();
        Pump.Run();
        Volatile.Write(ref over, true);
        if (consume)
            Assert.True(holder.Consume(block.Source, head));
        else
            holder.Release(block.Source, head);

        Assert.Equal(TaskStatus.RanToCompletion, await End(block));
        Assert.True(await overAtTheEnd.Guard());
        Assert.Equal(consume ? [] : [1], block.Seen);
    }

    [Theory, Trait("rule", "C38"), Trait("rule", "C37")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reserved_FaultedOrCancelled_EndsWhenTheReservationDoes(bool cancel)
    {
        Applies("C38");
        using var source = new CancellationTokenSource();
        ISourceUnderTest<T> block = Open(Options(source.Token));
        Feed(block, 1);
        ProbeTarget<T> holder = NewTarget();
        long head = HeadId(block);
        bool over = false;
        Assert.True(holder.Reserve(block.Source, head));
        Task<bool> overAtTheEnd = block.Block.Completion.ContinueWith(
            _ => Volatile.Read(ref over), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Drops(block, 1);

        if (cancel)
            await source.CancelAsync();
        else
            block.Block.Fault(new InvalidOperationException("on purpose"));
        Pump.Run();
        Volatile.Write(ref over, true);
        holder.Release(block.Source, head);

        await RunUntil(block.Block.Completion);
        Assert.True(await overAtTheEnd.Guard());
        Assert.Equal(cancel ? TaskStatus.Canceled : TaskStatus.Faulted, block.Block.Completion.Status);
    }
}
