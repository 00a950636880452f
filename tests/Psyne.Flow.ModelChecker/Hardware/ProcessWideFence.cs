namespace Psyne.Flow.ModelChecking.Hardware;

internal readonly struct ProcessWideFence : IStoreLoadFence
{
    public static void Run() => Interlocked.MemoryBarrierProcessWide();
}
