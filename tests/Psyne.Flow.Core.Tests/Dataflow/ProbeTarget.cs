using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>A target that answers as it is told and notes what it was asked. What it takes it frees at once.</summary>
public sealed class ProbeTarget<T>(Messages<T> messages) : ITargetBlock<T>
{
    private readonly Lock _lock = new();
    private readonly List<Offer<T>> _offers = [];
    private readonly List<int> _received = [];
    private readonly HashSet<(ISourceBlock<T>, long)> _consumed = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ends;

    /// <summary>The answer where <see cref="OnOffer"/> gives none.</summary>
    public DataflowMessageStatus Reply { get; set; } = DataflowMessageStatus.Accepted;

    /// <summary>Runs inside the offer; null leaves the answer to <see cref="Reply"/>.</summary>
    public Func<Offer<T>, DataflowMessageStatus?>? OnOffer { get; set; }

    /// <summary>Runs inside Complete and Fault, before <see cref="Completion"/> ends.</summary>
    public Action? OnEnd { get; set; }

    public Task Completion => _ended.Task;

    public bool Ended => Volatile.Read(ref _ends) > 0;

    /// <summary>How often it was told to complete or to fault.</summary>
    public int Ends => Volatile.Read(ref _ends);

    public Exception? Error { get; private set; }

    public IReadOnlyList<Offer<T>> Offers
    {
        get
        {
            lock (_lock)
                return [.. _offers];
        }
    }

    public IReadOnlyList<int> Offered => [.. Offers.Select(offer => offer.Value)];

    public IReadOnlyList<long> Ids => [.. Offers.Select(offer => offer.Id)];

    /// <summary>Accepted or consumed, in that order.</summary>
    public IReadOnlyList<int> Received
    {
        get
        {
            lock (_lock)
                return [.. _received];
        }
    }

    public bool Consume(ISourceBlock<T> source, long id)
    {
        T? message = source.ConsumeMessage(new DataflowMessageHeader(id), this, out bool consumed);
        if (consumed)
        {
            lock (_lock)
                _consumed.Add((source, id));
            Keep(message!);
        }
        return consumed;
    }

    public bool Reserve(ISourceBlock<T> source, long id) => source.ReserveMessage(new DataflowMessageHeader(id), this);

    public void Release(ISourceBlock<T> source, long id) => source.ReleaseReservation(new DataflowMessageHeader(id), this);

    public void Complete() => End(null);

    void IDataflowBlock.Fault(Exception exception) => End(exception);

    DataflowMessageStatus ITargetBlock<T>.OfferMessage(DataflowMessageHeader messageHeader, T messageValue, ISourceBlock<T>? source, bool consumeToAccept)
    {
        var offer = new Offer<T>(messageHeader.Id, messages.Read(messageValue), source, consumeToAccept);
        lock (_lock)
            _offers.Add(offer);
        DataflowMessageStatus status = OnOffer?.Invoke(offer) ?? Reply;
        if (status == DataflowMessageStatus.Accepted && !HasConsumed(offer))
        {
            if (!consumeToAccept)
                Keep(messageValue);
            else if (!Consume(source!, offer.Id))
                return DataflowMessageStatus.NotAvailable;
        }
        return status;
    }

    private bool HasConsumed(Offer<T> offer)
    {
        lock (_lock)
            return offer.Source is not null && _consumed.Contains((offer.Source, offer.Id));
    }

    private void Keep(T message)
    {
        int value = messages.Take(message);
        lock (_lock)
            _received.Add(value);
    }

    private void End(Exception? error)
    {
        if (Interlocked.Increment(ref _ends) > 1)
            return;
        Error = error;
        OnEnd?.Invoke();
        _ended.TrySetResult();
    }
}
