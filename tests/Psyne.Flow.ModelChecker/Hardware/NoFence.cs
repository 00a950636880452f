namespace Psyne.Flow.ModelChecking.Hardware;

/// <summary>The control: nothing.</summary>
internal readonly struct NoFence : IStoreLoadFence
{
    public static void Run()
    {
    }
}
