namespace Psyne.Flow.Channels;

/// <summary>The ring that leases on pooled slots travel through, seen from the write side.</summary>
internal interface IHandleRing
{
    long Published { get; }

    /// <summary>Publishes a lease. Never full: the ring has a position for every slot.</summary>
    long Publish(long lease);
}
