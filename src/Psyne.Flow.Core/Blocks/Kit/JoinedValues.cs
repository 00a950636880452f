namespace Psyne.Flow.Blocks;

/// <summary>Small messages that a join brought together, side by side.</summary>
internal struct JoinedValues<T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    internal T1 First;
    internal T2 Second;
    internal T3 Third;
}
