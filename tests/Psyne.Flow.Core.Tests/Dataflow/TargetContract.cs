using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What every target owes the sources that offer to it.</summary>
public abstract partial class TargetContract<T>(Func<Messages<T>> messages, Func<Messages<T>, ExecutionDataflowBlockOptions, ITargetUnderTest<T>> open)
    : DataflowFixture<T>(messages)
{
    private const DataflowMessageStatus Accepted = DataflowMessageStatus.Accepted;
    private const DataflowMessageStatus Declined = DataflowMessageStatus.Declined;
    private const DataflowMessageStatus Postponed = DataflowMessageStatus.Postponed;
    private const DataflowMessageStatus NotAvailable = DataflowMessageStatus.NotAvailable;
    private const DataflowMessageStatus DecliningPermanently = DataflowMessageStatus.DecliningPermanently;

    private readonly CancellationTokenSource _cancellation = new();

    private ITargetUnderTest<T> Open(int boundedCapacity = DataflowBlockOptions.Unbounded)
    {
        ExecutionDataflowBlockOptions options = Options(_cancellation.Token);
        options.BoundedCapacity = boundedCapacity;
        return Track(open(Messages, options));
    }

    private void End(ITargetUnderTest<T> block, Ending ending)
    {
        switch (ending)
        {
            case Ending.Complete:
                block.Target.Complete();
                break;
            case Ending.Fault:
                block.Target.Fault(new InvalidOperationException("on purpose"));
                break;
            default:
                _cancellation.Cancel();
                break;
        }
    }

    [Fact, Trait("rule", "C4")]
    public void Offer_InvalidHeader_Throws()
    {
        ITargetUnderTest<T> block = Open();
        T message = Messages.Make(1);
        var source = NewSource();

        Assert.Throws<ArgumentException>("messageHeader", () => block.Target.OfferMessage(default, message, null, consumeToAccept: false));
        Assert.Throws<ArgumentException>("messageHeader", () => block.Target.OfferMessage(default, message, source, consumeToAccept: true));
        Messages.Free(message);
        Assert.Empty(source.Calls);
    }

    [Fact, Trait("rule", "C4")]
    public void Offer_ConsumeToAcceptWithoutSource_Throws()
    {
        ITargetUnderTest<T> block = Open();
        T message = Messages.Make(1);

        Assert.Throws<ArgumentException>("consumeToAccept", () => block.Target.OfferMessage(new DataflowMessageHeader(1), message, null, consumeToAccept: true));
        Messages.Free(message);
    }

    [Fact, Trait("rule", "C4")]
    public void Offer_NegativeId_IsAccepted()
    {
        ITargetUnderTest<T> block = Open();
        ProbeSource<T> source = NewSource();

        Assert.Equal(Accepted, source.Offer(block.Target, 1, id: -1));
        Assert.Equal(Accepted, source.Offer(block.Target, 2, consumeToAccept: true, id: long.MinValue));

        Drain();
        Assert.Equal([1, 2], block.Seen);
    }

    [Theory, Trait("rule", "C7"), Trait("rule", "C9")]
    [InlineData(false)]
    [InlineData(true)]
    public void Offer_Accepted_IsTheTargetsWithoutAskingTheSource(bool withSource)
    {
        ITargetUnderTest<T> block = Open();
        ProbeSource<T> source = NewSource();

        if (withSource)
            Assert.Equal(Accepted, source.Offer(block.Target, 7));
        else
            Assert.Equal(Accepted, block.Target.OfferMessage(new DataflowMessageHeader(1), Messages.Make(7), null, consumeToAccept: false));

        Drain();
        Assert.Equal([7], block.Seen);
        Assert.Empty(source.Calls);
    }

    [Fact, Trait("rule", "C8")]
    public void Offer_ConsumeToAccept_TakesWhatConsumeGives()
    {
        ITargetUnderTest<T> block = Open();
        ProbeSource<T> source = NewSource();
        source.Instead = 99;
        bool inside = false;
        source.OnCall = call =>
        {
            Assert.True(inside);
            Assert.Same(block.Target, call.Target);
        };

        inside = true;
        DataflowMessageStatus status = source.Offer(block.Target, 1, consumeToAccept: true, id: 5);
        inside = false;

        Assert.Equal(Accepted, status);
        Assert.Equal("Consume 5", source.Log);
        Drain();
        Assert.Equal([99], block.Seen);
    }

    [Fact, Trait("rule", "C8"), Trait("rule", "C13")]
    public void Offer_ConsumeToAcceptButNothingGiven_IsNotAvailableAndTakesNoRoom()
    {
        ITargetUnderTest<T> block = Open(boundedCapacity: 1);
        ProbeSource<T> source = NewSource();
        source.Gives = false;

        Assert.Equal(NotAvailable, source.Offer(block.Target, 1, consumeToAccept: true));
        Drain();
        Assert.Empty(block.Seen);

        source.Gives = true;
        Assert.Equal(Accepted, source.Offer(block.Target, 2, consumeToAccept: true));
        Assert.Equal(Postponed, source.Offer(block.Target, 3, consumeToAccept: true));
        Assert.Equal("Consume 1, Consume 2", source.Log);
    }

    [Fact, Trait("rule", "C7")]
    public void Offers_OfSeveralSources_AreSeenInTheOrderOfAcceptance()
    {
        ITargetUnderTest<T> block = Open();
        ProbeSource<T> one = NewSource(), other = NewSource();

        for (int i = 1; i <= 6; i++)
            Assert.Equal(Accepted, (i % 2 == 0 ? one : other).Offer(block.Target, i, consumeToAccept: i > 3));

        Drain();
        Assert.Equal([1, 2, 3, 4, 5, 6], block.Seen);
    }
}
