using System.Runtime.CompilerServices;

namespace Psyne.Flow.Samples.Digits;

/// <summary>8 by 8 pixels, row by row.</summary>
[InlineArray(Count)]
public struct Pixels
{
    public const int Side = 8;
    public const int Count = Side * Side;

    private float _first;
}
