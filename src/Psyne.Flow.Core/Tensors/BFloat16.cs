using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Psyne.Flow;

/// <summary>
/// The 16-bit floating-point number of ML accelerators: sign, the 8 exponent bits of a <see cref="float"/>, 7 bits of
/// fraction. It has the range of a float (about 3.39e38) and 2 to 3 decimal digits.
/// </summary>
/// <remarks>
/// <para>Arithmetic is done in float and rounded once, to the nearest, ties to even. Conversions from wider types
/// round directly from the exact value. Overflow gives an infinity; subnormals are kept; a NaN stays a NaN, made
/// quiet, with the sign and the upper bits of its payload. Comparisons are IEEE 754's in operators;
/// <see cref="Equals(BFloat16)"/> and <see cref="CompareTo(BFloat16)"/> take NaN as equal to itself and below all
/// numbers, as <see cref="float"/> does. Blittable: two bytes, as they stand in tensor files and on accelerators.</para>
/// <para>Immutable; nothing but text and parsing allocates.</para>
/// </remarks>
/// <example><code>
/// var third = (BFloat16)(1f / 3f);               // 0.334
/// BFloat16.ConvertFromSingle(floats, numbers);   // whole spans, vectorised
/// </code></example>
[StructLayout(LayoutKind.Sequential, Size = 2)]
public readonly partial struct BFloat16 : INumber<BFloat16>, IMinMaxValue<BFloat16>, ISignedNumber<BFloat16>
{
    private const ushort SignMask = 0x8000;
    private const ushort MagnitudeMask = 0x7FFF;
    private const ushort InfinityBits = 0x7F80;
    private const ushort SmallestNormalBits = 0x0080;
    private const ushort QuietBit = 0x0040;

    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>Gets the smallest number above 0: 2^-133, about 9.18e-41, a subnormal.</summary>
    public static BFloat16 Epsilon => new(0x0001);

    /// <summary>Gets the largest finite number: about 3.39e38.</summary>
    public static BFloat16 MaxValue => new(0x7F7F);

    /// <summary>Gets the smallest finite number: about -3.39e38.</summary>
    public static BFloat16 MinValue => new(0xFF7F);

    /// <summary>Gets a quiet NaN, negative as <see cref="float.NaN"/> is.</summary>
    public static BFloat16 NaN => new(0xFFC0);

    /// <summary>Gets positive infinity.</summary>
    public static BFloat16 PositiveInfinity => new(InfinityBits);

    /// <summary>Gets negative infinity.</summary>
    public static BFloat16 NegativeInfinity => new(InfinityBits | SignMask);

    /// <summary>Gets 0.</summary>
    public static BFloat16 Zero => default;

    /// <summary>Gets -0.</summary>
    public static BFloat16 NegativeZero => new(SignMask);

    /// <summary>Gets 1.</summary>
    public static BFloat16 One => new(0x3F80);

    /// <summary>Gets -1.</summary>
    public static BFloat16 NegativeOne => new(0xBF80);

    /// <summary>Gets the number with these 16 bits.</summary>
    /// <param name="bits">Sign, exponent and fraction, from the highest bit down.</param>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>Gets the 16 bits of the number: sign, exponent and fraction, from the highest bit down.</summary>
    public ushort ToBits() => _bits;

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo(other);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="obj"/> is not a <see cref="BFloat16"/>.</exception>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        BFloat16 other => CompareTo(other),
        _ => throw new ArgumentException($"A {nameof(BFloat16)} can be compared with a {nameof(BFloat16)}; this is a {obj.GetType()}.", nameof(obj)),
    };

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => _bits == other._bits || ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsNaN(this) ? InfinityBits + 1 : IsZero(this) ? 0 : _bits;
}
