using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>A source that offers when it is told and notes what it was asked. It owns what nobody took.</summary>
public sealed class ProbeSource<T>(Messages<T> messages) : ISourceBlock<T>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, T> _held = [];
    private readonly List<SourceCall<T>> _calls = [];
    private long _lastId;

    /// <summary>Whether a message that is asked for is given.</summary>
    public bool Gives { get; set; } = true;

    public bool Reserves { get; set; } = true;

    /// <summary>What is given in place of the offered number.</summary>
    public int? Instead { get; set; }

    /// <summary>Runs inside each call, before it is answered.</summary>
    public Action<SourceCall<T>>? OnCall { get; set; }

    public Task Completion => throw new NotSupportedException();

    public IReadOnlyList<SourceCall<T>> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>The calls as text, one after the other.</summary>
    public string Log => string.Join(", ", Calls);

    public DataflowMessageStatus Offer(ITargetBlock<T> target, int value, bool consumeToAccept = false, long? id = null)
    {
        T message = messages.Make(value);
        long header;
        lock (_lock)
        {
            header = id ?? _lastId + 1;
            _lastId = header;
            _held.Add(header, message);
        }
        DataflowMessageStatus status = target.OfferMessage(new DataflowMessageHeader(header), message, this, consumeToAccept);
        if (status == DataflowMessageStatus.Accepted && !consumeToAccept)
        {
            lock (_lock)
                _held.Remove(header);
        }
        return status;
    }

    public T? ConsumeMessage(DataflowMessageHeader messageHeader, ITargetBlock<T> target, out bool messageConsumed)
    {
        Note(SourceCallKind.Consume, messageHeader, target);
        T? message = default;
        lock (_lock)
            messageConsumed = Gives && _held.Remove(messageHeader.Id, out message);
        if (!messageConsumed)
            return default;
        if (Instead is not { } other)
            return message;
        messages.Free(message!);
        return messages.Make(other);
    }

    public bool ReserveMessage(DataflowMessageHeader messageHeader, ITargetBlock<T> target)
    {
        Note(SourceCallKind.Reserve, messageHeader, target);
        return Reserves;
    }

    public void ReleaseReservation(DataflowMessageHeader messageHeader, ITargetBlock<T> target) =>
        Note(SourceCallKind.Release, messageHeader, target);

    public IDisposable LinkTo(ITargetBlock<T> target, DataflowLinkOptions linkOptions) => throw new NotSupportedException();

    public void Complete() => throw new NotSupportedException();

    public void Fault(Exception exception) => throw new NotSupportedException();

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (T message in _held.Values)
                messages.Free(message);
            _held.Clear();
        }
    }

    private void Note(SourceCallKind kind, DataflowMessageHeader header, ITargetBlock<T> target)
    {
        var call = new SourceCall<T>(kind, header.Id, target);
        lock (_lock)
            _calls.Add(call);
        OnCall?.Invoke(call);
    }
}
