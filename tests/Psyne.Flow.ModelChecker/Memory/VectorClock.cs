using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Psyne.Flow.ModelChecking;

/// <summary>Per logical thread, how much of it happens before the owner's next step.</summary>
[InlineArray(Capacity)]
internal struct VectorClock
{
    /// <summary>The logical threads and the thread that sets up and checks; as many as one vector register holds.</summary>
    public const int Capacity = 8;

    private int _element;

    public void Join(in VectorClock other) =>
        Vector256.Max(
                Vector256.LoadUnsafe(ref _element),
                Vector256.LoadUnsafe(ref Unsafe.AsRef(in other._element)))
            .StoreUnsafe(ref _element);
}
