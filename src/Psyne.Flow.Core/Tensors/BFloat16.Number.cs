using System.Numerics;

namespace Psyne.Flow;

/// <content>What generic math asks of a number.</content>
public readonly partial struct BFloat16
{
    static int INumberBase<BFloat16>.Radix => 2;

    static BFloat16 IAdditiveIdentity<BFloat16, BFloat16>.AdditiveIdentity => Zero;

    static BFloat16 IMultiplicativeIdentity<BFloat16, BFloat16>.MultiplicativeIdentity => One;

    /// <inheritdoc/>
    public static BFloat16 Abs(BFloat16 value) => new((ushort)(value._bits & MagnitudeMask));

    /// <inheritdoc/>
    public static bool IsFinite(BFloat16 value) => (value._bits & MagnitudeMask) < InfinityBits;

    /// <inheritdoc/>
    public static bool IsInfinity(BFloat16 value) => (value._bits & MagnitudeMask) == InfinityBits;

    /// <inheritdoc/>
    public static bool IsPositiveInfinity(BFloat16 value) => value._bits == InfinityBits;

    /// <inheritdoc/>
    public static bool IsNegativeInfinity(BFloat16 value) => value._bits == (InfinityBits | SignMask);

    /// <inheritdoc/>
    public static bool IsNaN(BFloat16 value) => (value._bits & MagnitudeMask) > InfinityBits;

    /// <inheritdoc/>
    public static bool IsNegative(BFloat16 value) => (value._bits & SignMask) != 0;

    /// <inheritdoc/>
    public static bool IsPositive(BFloat16 value) => (value._bits & SignMask) == 0;

    /// <inheritdoc/>
    public static bool IsNormal(BFloat16 value) => IsFinite(value) && (value._bits & MagnitudeMask) >= SmallestNormalBits;

    /// <inheritdoc/>
    public static bool IsSubnormal(BFloat16 value) => !IsZero(value) && (value._bits & MagnitudeMask) < SmallestNormalBits;

    /// <inheritdoc/>
    public static bool IsZero(BFloat16 value) => (value._bits & MagnitudeMask) == 0;

    /// <inheritdoc/>
    public static bool IsInteger(BFloat16 value) => float.IsInteger(value);

    /// <inheritdoc/>
    public static bool IsEvenInteger(BFloat16 value) => float.IsEvenInteger(value);

    /// <inheritdoc/>
    public static bool IsOddInteger(BFloat16 value) => float.IsOddInteger(value);

    /// <inheritdoc/>
    public static bool IsRealNumber(BFloat16 value) => !IsNaN(value);

    /// <inheritdoc/>
    public static BFloat16 MaxMagnitude(BFloat16 x, BFloat16 y) => (BFloat16)float.MaxMagnitude(x, y);

    /// <inheritdoc/>
    public static BFloat16 MinMagnitude(BFloat16 x, BFloat16 y) => (BFloat16)float.MinMagnitude(x, y);

    /// <inheritdoc cref="INumber{TSelf}.Max(TSelf, TSelf)"/>
    public static BFloat16 Max(BFloat16 x, BFloat16 y) => (BFloat16)float.Max(x, y);

    /// <inheritdoc cref="INumber{TSelf}.Min(TSelf, TSelf)"/>
    public static BFloat16 Min(BFloat16 x, BFloat16 y) => (BFloat16)float.Min(x, y);

    static BFloat16 INumberBase<BFloat16>.MaxMagnitudeNumber(BFloat16 x, BFloat16 y) => (BFloat16)float.MaxMagnitudeNumber(x, y);

    static BFloat16 INumberBase<BFloat16>.MinMagnitudeNumber(BFloat16 x, BFloat16 y) => (BFloat16)float.MinMagnitudeNumber(x, y);

    static bool INumberBase<BFloat16>.IsCanonical(BFloat16 value) => true;

    static bool INumberBase<BFloat16>.IsComplexNumber(BFloat16 value) => false;

    static bool INumberBase<BFloat16>.IsImaginaryNumber(BFloat16 value) => false;
}
