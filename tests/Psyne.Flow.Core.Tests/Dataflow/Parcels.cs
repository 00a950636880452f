namespace Psyne.Flow.Tests.Dataflow;

/// <summary>Keeps the books of <see cref="Parcel"/>: reading or freeing one that was freed is an error.</summary>
public sealed class Parcels : Messages<Parcel>
{
    private readonly HashSet<int> _live = [];
    private int _tickets;

    public override int Live
    {
        get
        {
            lock (_live)
                return _live.Count;
        }
    }

    public override Parcel Make(int value)
    {
        lock (_live)
        {
            _live.Add(++_tickets);
            return new Parcel(value, _tickets);
        }
    }

    public override int Read(Parcel message)
    {
        lock (_live)
            return _live.Contains(message.Ticket) ? message.Value : throw new InvalidOperationException($"{message} is read after it was freed.");
    }

    public override void Free(Parcel message)
    {
        lock (_live)
        {
            if (!_live.Remove(message.Ticket))
                throw new InvalidOperationException($"{message} is freed twice.");
        }
    }
}
