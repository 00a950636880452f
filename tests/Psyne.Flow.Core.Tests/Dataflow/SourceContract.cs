using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>What every source owes the targets that it offers to.</summary>
public abstract partial class SourceContract<T>(Func<Messages<T>> messages, Func<Messages<T>, ExecutionDataflowBlockOptions, ISourceUnderTest<T>> open)
    : DataflowFixture<T>(messages)
{
    private const DataflowMessageStatus Accepted = DataflowMessageStatus.Accepted;
    private const DataflowMessageStatus Declined = DataflowMessageStatus.Declined;
    private const DataflowMessageStatus Postponed = DataflowMessageStatus.Postponed;
    private const DataflowMessageStatus DecliningPermanently = DataflowMessageStatus.DecliningPermanently;

    private static readonly DataflowLinkOptions Propagate = new() { PropagateCompletion = true };
    private static readonly DataflowLinkOptions First = new() { Append = false };

    private ISourceUnderTest<T> Open(ExecutionDataflowBlockOptions? options = null) => Track(open(Messages, options ?? Options()));

    /// <summary>A source with these in its output.</summary>
    private ISourceUnderTest<T> Holding(params int[] values)
    {
        ISourceUnderTest<T> block = Open();
        Feed(block, values);
        return block;
    }

    private void Feed(ISourceUnderTest<T> block, params int[] values)
    {
        foreach (int value in values)
            Assert.True(block.Feed(value));
        Pump.Run();
    }

    private int? Receive(ISourceUnderTest<T> block) => block.Source.TryReceive(out T? message) ? Messages.Take(message) : null;

    /// <summary>The id of the head, as a target that declines it sees it.</summary>
    private long HeadId(ISourceUnderTest<T> block)
    {
        ProbeTarget<T> probe = NewTarget(Declined);
        using (block.Source.LinkTo(probe))
            Pump.Run();
        return Assert.Single(probe.Offers).Id;
    }

    [Fact, Trait("rule", "C5")]
    public void ConsumeReserveRelease_InvalidHeader_IsSeenBeforeTheTarget()
    {
        ISourceBlock<T> source = Holding(1).Source;
        ProbeTarget<T> probe = NewTarget();

        foreach (ITargetBlock<T>? target in new[] { null, probe })
        {
            Assert.Throws<ArgumentException>("messageHeader", () => source.ConsumeMessage(default, target!, out _));
            Assert.Throws<ArgumentException>("messageHeader", () => source.ReserveMessage(default, target!));
            Assert.Throws<ArgumentException>("messageHeader", () => source.ReleaseReservation(default, target!));
        }
    }

    [Fact, Trait("rule", "C5")]
    public void ConsumeReserveRelease_NullTarget_Throws()
    {
        ISourceBlock<T> source = Holding(1).Source;
        var header = new DataflowMessageHeader(1);

        Assert.Throws<ArgumentNullException>("target", () => source.ConsumeMessage(header, null!, out _));
        Assert.Throws<ArgumentNullException>("target", () => source.ReserveMessage(header, null!));
        Assert.Throws<ArgumentNullException>("target", () => source.ReleaseReservation(header, null!));
    }

    [Fact, Trait("rule", "C6")]
    public void LinkTo_Null_Throws()
    {
        ISourceBlock<T> source = Open().Source;

        Assert.Throws<ArgumentNullException>("target", () => source.LinkTo(null!, new DataflowLinkOptions()));
        Assert.Throws<ArgumentNullException>("linkOptions", () => source.LinkTo(NewTarget(), null!));
    }

    [Fact, Trait("rule", "C32")]
    public void TryReceive_Several_AreInOrder()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Holding(1, 2, 3);

        Assert.Equal([1, 2, 3, null], new[] { Receive(block), Receive(block), Receive(block), Receive(block) });
    }

    [Fact, Trait("rule", "C32")]
    public void TryReceive_Filter_LooksAtTheHeadOnly()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Holding(1, 2);

        Assert.False(block.Source.TryReceive(message => Messages.Read(message) == 2, out _));
        Assert.True(block.Source.TryReceive(message => Messages.Read(message) == 1, out T? first));
        Assert.Equal(1, Messages.Take(first));
        Assert.Equal(2, Receive(block));
    }

    [Fact, Trait("rule", "C32")]
    public void TryReceiveAll_Several_AreAllInOrder()
    {
        Applies("C32");
        ISourceUnderTest<T> block = Holding(1, 2, 3);

        Assert.True(block.Source.TryReceiveAll(out IList<T>? all));
        Assert.Equal([1, 2, 3], all.Select(Messages.Take));
        Assert.False(block.Source.TryReceiveAll(out _));
        Assert.Null(Receive(block));
    }
}
