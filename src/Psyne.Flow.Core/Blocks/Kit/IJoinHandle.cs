namespace Psyne.Flow.Blocks;

/// <summary>What a join sends: a handle of a record.</summary>
internal interface IJoinHandle<TSelf, T1, T2, T3> : IDisposable
    where TSelf : struct, IJoinHandle<TSelf, T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    static abstract TSelf Of(JoinRecord<T1, T2, T3> record, long handle);
}
