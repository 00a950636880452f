namespace Psyne.Flow.ModelChecking.Hardware;

/// <summary>What a litmus thread does between its store and its load; static, so that nothing else stands there.</summary>
internal interface IStoreLoadFence
{
    static abstract void Run();
}
