using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Dataflow;

public abstract partial class SourceContract<T>
{
    [Fact, Trait("rule", "C31"), Trait("rule", "C32")]
    public void Offers_Accepted_HaveIdsFromOneUpInOrder()
    {
        Applies("C31");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target);

        for (int i = 1; i <= 5; i++)
            Feed(block, i);

        Assert.Equal([1, 2, 3, 4, 5], target.Received);
        Assert.Equal([1, 2, 3, 4, 5], target.Ids);
        Assert.All(target.Offers, offer => Assert.Same(block.Source, offer.Source));
    }

    [Fact, Trait("rule", "C31")]
    public void Head_AfterAnyWayOut_HasANewId()
    {
        Applies("C31");
        ISourceUnderTest<T> block = Holding(1, 2, 3, 4, 5);
        var ids = new List<long> { HeadId(block), HeadId(block) };
        Assert.Equal(ids[0], ids[1]);

        Receive(block);
        ids.Add(HeadId(block));
        Assert.True(NewTarget().Consume(block.Source, ids[^1]));
        ids.Add(HeadId(block));
        Assert.True(block.Source.TryReceiveAll(out IList<T>? rest));
        foreach (T message in rest)
            Messages.Free(message);
        Feed(block, 6);
        ids.Add(HeadId(block));

        Assert.Equal(ids.Skip(1).Distinct().Order(), ids.Skip(1));
    }

    [Fact, Trait("rule", "C25")]
    public void Offer_Accepted_GoesToNoOther()
    {
        Applies("C25");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> first = NewTarget(), second = NewTarget();
        block.Source.LinkTo(first);
        block.Source.LinkTo(second);

        Feed(block, 1, 2);

        Assert.Equal([1, 2], first.Received);
        Assert.Empty(second.Offers);
    }

    [Theory, Trait("rule", "C25")]
    [InlineData(DataflowMessageStatus.Declined)]
    [InlineData(DataflowMessageStatus.Postponed)]
    [InlineData(DataflowMessageStatus.NotAvailable)]
    public void Offer_NotAccepted_GoesToTheNext(DataflowMessageStatus reply)
    {
        Applies("C25");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> first = NewTarget(reply), second = NewTarget();
        block.Source.LinkTo(first);
        block.Source.LinkTo(second);

        Feed(block, 1, 2);

        Assert.Equal([1, 2], first.Offered);
        Assert.Equal([1, 2], second.Received);
        Assert.Equal(first.Ids, second.Ids);
    }

    [Fact, Trait("rule", "C25")]
    public void Offer_AppendFalse_GoesFirst()
    {
        Applies("C25");
        ISourceUnderTest<T> block = Open();
        var order = new List<string>();
        foreach ((string name, DataflowLinkOptions options) in new[] { ("a", new DataflowLinkOptions()), ("b", new()), ("c", First), ("d", First), ("e", new()) })
        {
            ProbeTarget<T> target = NewTarget(Declined);
            target.OnOffer = _ =>
            {
                order.Add(name);
                return null;
            };
            block.Source.LinkTo(target, options);
        }

        Feed(block, 1);

        Assert.Equal(["d", "c", "a", "b", "e"], order);
    }

    [Fact, Trait("rule", "C25"), Trait("rule", "C20")]
    public void Offer_ReservedInside_GoesToNoOther()
    {
        Applies("C20");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> first = NewTarget(Postponed), second = NewTarget();
        first.OnOffer = offer => first.Reserve(offer.Source!, offer.Id) ? null : Declined;
        block.Source.LinkTo(first);
        block.Source.LinkTo(second);

        Feed(block, 1);

        Assert.Equal([1], first.Offered);
        Assert.Empty(second.Offers);
        first.OnOffer = null;
        Assert.True(first.Consume(block.Source, first.Ids[0]));
        Assert.Equal([1], first.Received);
    }

    [Fact, Trait("rule", "C26")]
    public void Offer_DeclinedPermanently_Unlinks()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> first = NewTarget(DecliningPermanently), second = NewTarget();
        block.Source.LinkTo(first);
        block.Source.LinkTo(second);

        Feed(block, 1, 2);

        Assert.Equal([1], first.Offered);
        Assert.Equal([1, 2], second.Received);
    }

    [Fact, Trait("rule", "C27")]
    public void Link_MaxMessages_EndsAfterSoManyAccepted()
    {
        Applies("C27");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> first = NewTarget(), second = NewTarget();
        block.Source.LinkTo(first, new DataflowLinkOptions { MaxMessages = 2 });
        block.Source.LinkTo(second);
        first.OnOffer = offer => offer.Value == 1 ? Declined : null;

        Feed(block, 1, 2, 3, 4);

        Assert.Equal([1, 2, 3], first.Offered);
        Assert.Equal([2, 3], first.Received);
        Assert.Equal([1, 4], second.Received);
    }

    [Fact, Trait("rule", "C28")]
    public void Head_AcceptedByNobody_IsNotOfferedAgainForNothing()
    {
        Applies("C28");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget(Declined);
        block.Source.LinkTo(target);

        Feed(block, 1);
        Feed(block, 2, 3);
        Assert.Equal([1], target.Offered);

        Assert.Equal(1, Receive(block));
        Pump.Run();
        Assert.Equal([1, 2], target.Offered);
    }

    [Fact, Trait("rule", "C29")]
    public void Link_New_IsOfferedTheHeadAtOnce()
    {
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> target = NewTarget();

        block.Source.LinkTo(target);
        Pump.Run();

        Assert.Equal([1], target.Received);
    }

    [Fact, Trait("rule", "C29"), Trait("rule", "C28")]
    public void Link_NewThatDeclines_LeavesTheHeadForTheNextLink()
    {
        ISourceUnderTest<T> block = Holding(1);
        ProbeTarget<T> declines = NewTarget(Declined), accepts = NewTarget();

        block.Source.LinkTo(declines);
        Pump.Run();
        block.Source.LinkTo(accepts);
        Pump.Run();

        Assert.Equal([1], declines.Offered.Distinct());
        Assert.Equal([1], accepts.Received);
    }

    /// <summary>
    /// Rule C24, said more sharply: what puts messages in and ends the block is free during an offer. Stock counts are not,
    /// nor is taking out: they wait for the lock that makes offers one at a time.
    /// </summary>
    [Fact, Trait("rule", "C24")]
    public void Offer_WhileItRuns_IntakeIsFree()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target);
        target.OnOffer = offer =>
        {
            Elsewhere(() =>
            {
                if (offer.Value == 1)
                    Assert.True(block.Feed(2));
                block.Block.Complete();
            });
            return null;
        };

        Feed(block, 1);
        Pump.Run();

        Assert.Equal([1, 2], target.Received);
    }

    [Fact, Trait("rule", "C24")]
    public async Task Offers_FromManyThreads_AreOneAtATimeInOrder()
    {
        const int Each = 200;
        ISourceUnderTest<T> block = Open(new());
        ProbeTarget<T> target = NewTarget();
        int now = 0;
        bool overlapped = false;
        target.OnOffer = _ =>
        {
            if (Interlocked.Increment(ref now) > 1)
                overlapped = true;
            Thread.Yield();
            Interlocked.Decrement(ref now);
            return null;
        };
        block.Source.LinkTo(target, Propagate);

        // A join needs one feeder, or its halves don't match.
        await Hang.Start(() =>
        {
            for (int i = 1; i <= Each; i++)
            {
                Assert.True(block.Feed(i));
                if (i % 20 == 0)
                    block.Source.LinkTo(NewTarget(Declined), First).Dispose();
            }
        }).Guard();
        block.Block.Complete();
        await target.Completion.Guard();

        Assert.False(overlapped);
        Assert.Equal(Enumerable.Range(1, Each), target.Received);
        Assert.Equal(target.Ids.Order().Distinct(), target.Ids);
    }

    /// <summary>
    /// Rule C33, mended: such a target corrupts nothing, but a stock source that saw it decline stops offering until something
    /// else happens, and one that saw it accept skips an id.
    /// </summary>
    [Theory, Trait("rule", "C24"), Trait("rule", "C33")]
    [InlineData(DataflowMessageStatus.Accepted)]
    [InlineData(DataflowMessageStatus.Postponed)]
    [InlineData(DataflowMessageStatus.Declined)]
    public void Offer_ConsumedInsideWithoutBeingTold_LosesAndRepeatsNothing(DataflowMessageStatus reply)
    {
        Applies("C33");
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        target.OnOffer = offer =>
        {
            Assert.False(offer.ConsumeToAccept);
            Assert.True(target.Consume(offer.Source!, offer.Id));
            return reply;
        };
        block.Source.LinkTo(target);

        Feed(block, 1, 2, 3);

        List<int> all = [.. target.Received];
        while (all.Count < 4 && Receive(block) is { } value)
        {
            // Taking one out may start the offers again.
            all.Add(value);
            Pump.Run();
            all.AddRange(target.Received.Except(all));
        }
        Assert.Equal([1, 2, 3], all);
        Assert.Equal(target.Received, target.Offered);
        Assert.Equal(target.Ids.Distinct().Order(), target.Ids);
    }

    [Fact, Trait("rule", "C44")]
    public void Offers_Always_RunOnTheScheduler()
    {
        ISourceUnderTest<T> block = Open();
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target);
        var schedulers = new List<TaskScheduler>();
        target.OnOffer = _ =>
        {
            schedulers.Add(TaskScheduler.Current);
            return null;
        };

        Feed(block, 1, 2);

        Assert.Equal([Pump, Pump], schedulers);
        Assert.All(Pump.Options, options => Assert.True(options.HasFlag(TaskCreationOptions.DenyChildAttach)));
    }

    [Fact, Trait("rule", "C44")]
    public void MaxMessagesPerTask_Set_EndsTheOfferingTaskAfterSoMany()
    {
        Applies("C32");
        ExecutionDataflowBlockOptions options = Options();
        options.MaxMessagesPerTask = 2;
        ISourceUnderTest<T> block = Open(options);
        ProbeTarget<T> target = NewTarget();
        Feed(block, 1, 2, 3, 4, 5);
        block.Source.LinkTo(target);

        int before = target.Received.Count, most = 0;
        while (Pump.RunOne())
        {
            most = Math.Max(most, target.Received.Count - before);
            before = target.Received.Count;
        }

        Assert.Equal([1, 2, 3, 4, 5], target.Received);
        Assert.InRange(most, 0, 2);
    }

    [Fact, Trait("rule", "C43")]
    public async Task Scheduler_Refuses_FaultsTheBlock()
    {
        ISourceUnderTest<T> block = Open(new() { TaskScheduler = new RefusingScheduler() });
        ProbeTarget<T> target = NewTarget();
        block.Source.LinkTo(target);

        bool fed = block.Feed(1);
        await block.Block.Completion.ContinueWith(_ => { }, TaskScheduler.Default).Guard();

        Assert.Equal(TaskStatus.Faulted, block.Block.Completion.Status);
        Assert.Empty(target.Offers);
        Drops(block, fed ? 1 : 0);
    }
}
