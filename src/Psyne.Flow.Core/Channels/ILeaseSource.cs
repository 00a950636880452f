namespace Psyne.Flow.Channels;

/// <summary>A read end by the leases that it gives: what <see cref="LeaseSequence{TLease}"/> needs of one.</summary>
internal interface ILeaseSource<TLease>
{
    bool TryTake(out TLease lease);

    bool WaitToTake(TimeSpan timeout, CancellationToken cancellationToken);
}
