using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Faults;

/// <summary>Offers every message under the same id (C31).</summary>
public sealed class RepeatsIds(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    protected override DataflowMessageHeader Header(DataflowMessageHeader header) => new(1);
}

/// <summary>Says yes after its end (C11).</summary>
public sealed class AcceptsAfterTheEnd(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept)
    {
        DataflowMessageStatus status = base.OfferMessage(messageHeader, messageValue, source, consumeToAccept);
        return status == DataflowMessageStatus.DecliningPermanently ? DataflowMessageStatus.Accepted : status;
    }
}

/// <summary>Consumes what it was not told to consume (C9).</summary>
public sealed class ConsumesUntold(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
        base.OfferMessage(messageHeader, messageValue, source, consumeToAccept: source is not null);
}

/// <summary>Takes what it is offered and asks nobody, though told to (C8).</summary>
public sealed class NeverConsumes(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
        base.OfferMessage(messageHeader, messageValue, source, consumeToAccept: false);
}

/// <summary>Promises a reservation and forgets it (C17, C20).</summary>
public sealed class ForgetsReservations(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override bool ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target) => true;
}

/// <summary>Declines where it should postpone (C12).</summary>
public sealed class NeverPostpones(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
        InnerTarget.OfferMessage(messageHeader, messageValue, null, consumeToAccept: false);
}

/// <summary>Keeps a second grip on the head that it gave away: it comes out again (P1).</summary>
public sealed class GivesTheSameTwice(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override Parcel ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target, out bool messageConsumed)
    {
        Parcel message = base.ConsumeMessage(messageHeader, target, out messageConsumed);
        if (messageConsumed)
            InnerTarget.Post(message);
        return message;
    }
}

/// <summary>Accepts every second message and drops it (P1).</summary>
public sealed class LosesMessages(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    private int _count;

    public override DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
        ++_count % 2 == 0 ? DataflowMessageStatus.Accepted : base.OfferMessage(messageHeader, messageValue, source, consumeToAccept);
}

/// <summary>Ends when it is told to complete, whatever is inside (C34).</summary>
public sealed class EndsEarly(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Task Completion => _ended.Task;

    public override void Complete()
    {
        base.Complete();
        _ended.TrySetResult();
    }
}

/// <summary>Lets a link go on after it was disposed (C30).</summary>
public sealed class NeverUnlinks(ExecutionDataflowBlockOptions options) : DelegatingBlock(options)
{
    public override IDisposable LinkTo(ITargetBlock<Parcel> target, DataflowLinkOptions linkOptions)
    {
        base.LinkTo(target, linkOptions);
        return new CancellationTokenSource();
    }
}
