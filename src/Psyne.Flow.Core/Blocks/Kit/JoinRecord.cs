namespace Psyne.Flow.Blocks;

/// <summary>Where messages lie that a join brought together. A record has several handles, or one; each ends once.</summary>
/// <remarks>Thread-safe as leases are: a handle isn't used after it ended.</remarks>
internal abstract class JoinRecord<T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    internal abstract bool IsHeld(long handle);

    internal abstract ref readonly T1 First(long handle);

    internal abstract ref readonly T2 Second(long handle);

    internal abstract ref readonly T3 Third(long handle);

    internal abstract Lease<T1> RetainFirst(long handle);

    internal abstract Lease<T2> RetainSecond(long handle);

    internal abstract Lease<T3> RetainThird(long handle);

    internal abstract void End(long handle);

    private protected static LeaseException Ended() => new("The messages of a join are not held: they were disposed, or never given by a block.");

    /// <summary>What a handle's members call: the record, or an error that says that there is none.</summary>
    internal static JoinRecord<T1, T2, T3> Require(JoinRecord<T1, T2, T3>? record) => record ?? throw Ended();
}
