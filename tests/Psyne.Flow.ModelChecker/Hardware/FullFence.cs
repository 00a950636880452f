namespace Psyne.Flow.ModelChecking.Hardware;

internal readonly struct FullFence : IStoreLoadFence
{
    public static void Run() => Interlocked.MemoryBarrier();
}
