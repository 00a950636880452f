using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Faults;

/// <summary>A buffer behind another face: right as it is, and each fault overrides one thing.</summary>
public class DelegatingBlock(ExecutionDataflowBlockOptions options) : IPropagatorBlock<Parcel, Parcel>, IReceivableSourceBlock<Parcel>
{
    private readonly BufferBlock<Parcel> _inner = new(options);

    public virtual Task Completion => _inner.Completion;

    public int Count => _inner.Count;

    protected ITargetBlock<Parcel> InnerTarget => _inner;

    protected ISourceBlock<Parcel> InnerSource => _inner;

    public virtual void Complete() => _inner.Complete();

    void IDataflowBlock.Fault(Exception exception) => ((IDataflowBlock)_inner).Fault(exception);

    public virtual DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
        InnerTarget.OfferMessage(messageHeader, messageValue, source is null ? null : new SourceSide(this, source), consumeToAccept);

    public virtual IDisposable LinkTo(ITargetBlock<Parcel> target, DataflowLinkOptions linkOptions) =>
        _inner.LinkTo(new TargetSide(this, target), linkOptions);

    public virtual Parcel ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target, out bool messageConsumed) =>
        InnerSource.ConsumeMessage(messageHeader, target, out messageConsumed);

    public virtual bool ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target) => InnerSource.ReserveMessage(messageHeader, target);

    public virtual void ReleaseReservation(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target) => InnerSource.ReleaseReservation(messageHeader, target);

    public virtual bool TryReceive(Predicate<Parcel>? filter, out Parcel item) => _inner.TryReceive(filter, out item);

    public virtual bool TryReceiveAll([NotNullWhen(true)] out IList<Parcel>? items) => _inner.TryReceiveAll(out items);

    /// <summary>The id under which a message is offered.</summary>
    protected virtual DataflowMessageHeader Header(DataflowMessageHeader header) => header;

    // The neighbours have to see this block and not the one inside.
    private sealed class TargetSide(DelegatingBlock owner, ITargetBlock<Parcel> target) : ITargetBlock<Parcel>
    {
        public Task Completion => target.Completion;

        public DataflowMessageStatus OfferMessage(DataflowMessageHeader messageHeader, Parcel messageValue, ISourceBlock<Parcel>? source, bool consumeToAccept) =>
            target.OfferMessage(owner.Header(messageHeader), messageValue, owner, consumeToAccept);

        public void Complete() => target.Complete();

        public void Fault(Exception exception) => target.Fault(exception);
    }

    private sealed record SourceSide(DelegatingBlock Owner, ISourceBlock<Parcel> Source) : ISourceBlock<Parcel>
    {
        public Task Completion => Source.Completion;

        public Parcel ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target, out bool messageConsumed) =>
            Source.ConsumeMessage(messageHeader, Owner, out messageConsumed);

        public IDisposable LinkTo(ITargetBlock<Parcel> target, DataflowLinkOptions linkOptions) => Source.LinkTo(target, linkOptions);

        public bool ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target) => Source.ReserveMessage(messageHeader, Owner);

        public void ReleaseReservation(DataflowMessageHeader messageHeader, ITargetBlock<Parcel> target) => Source.ReleaseReservation(messageHeader, Owner);

        public void Complete() => Source.Complete();

        public void Fault(Exception exception) => Source.Fault(exception);
    }
}
