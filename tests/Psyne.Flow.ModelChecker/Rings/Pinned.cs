namespace Psyne.Flow.ModelChecking.Rings;

/// <summary>A place that doesn't move for a struct that holds references: locations are told apart by address.</summary>
internal sealed class Pinned<T> where T : struct
{
    private readonly T[] _place = GC.AllocateArray<T>(1, pinned: true);

    public ref T Value => ref _place[0];
}
