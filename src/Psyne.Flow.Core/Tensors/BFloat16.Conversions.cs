using System.Numerics;
using System.Runtime.CompilerServices;

namespace Psyne.Flow;

public readonly partial struct BFloat16
{
    /// <summary>Rounds to the nearest, ties to even.</summary>
    /// <param name="value">The number to round.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);

        // Adding just under half a unit, or exactly half where the last kept bit is odd, carries into the exponent
        // as it should, up to infinity. A NaN must not be carried anywhere.
        return float.IsNaN(value)
            ? new BFloat16((ushort)((bits >> 16) | QuietBit))
            : new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Rounds to the nearest, ties to even: once, and not by way of float.</summary>
    /// <param name="value">The number to round.</param>
    public static explicit operator BFloat16(double value)
    {
        var rounded = (float)value;
        double back = rounded;
        if (back == value || double.IsNaN(value))
        {
            return (BFloat16)rounded;
        }

        // Rounding to odd keeps in the last bit of the float that something was cut off: with 16 bits more than are
        // needed, the second rounding is then right. The neighbour towards zero of an even number is odd.
        var bits = BitConverter.SingleToUInt32Bits(rounded);
        if ((bits & 1) == 0)
        {
            bits = Math.Abs(back) > Math.Abs(value) ? bits - 1 : bits + 1;
        }

        return (BFloat16)BitConverter.UInt32BitsToSingle(bits);
    }

    /// <summary>Rounds to the nearest, ties to even.</summary>
    /// <param name="value">The number to round.</param>
    public static explicit operator BFloat16(Half value) => (BFloat16)(float)value;

    /// <summary>Rounds to the nearest, ties to even.</summary>
    /// <param name="value">The number to round.</param>
    public static explicit operator BFloat16(int value) => (BFloat16)(double)value;

    /// <summary>Widens: every number is a float, too.</summary>
    /// <param name="value">The number to widen.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>Widens: every number is a double, too.</summary>
    /// <param name="value">The number to widen.</param>
    public static implicit operator double(BFloat16 value) => (float)value;

    /// <summary>Rounds to the nearest, ties to even; what a Half cannot hold becomes an infinity.</summary>
    /// <param name="value">The number to convert.</param>
    public static explicit operator Half(BFloat16 value) => (Half)(float)value;

    /// <summary>Cuts the fraction off, as a cast from float does.</summary>
    /// <param name="value">The number to convert.</param>
    public static explicit operator int(BFloat16 value) => (int)(float)value;

    /// <summary>Rounds an integer of any size once: what does not fit a double leaves a sticky bit there.</summary>
    private static BFloat16 FromMagnitude(UInt128 magnitude, bool negative)
    {
        var shift = Math.Max(0, 128 - 53 - (int)UInt128.LeadingZeroCount(magnitude));
        var kept = (ulong)(magnitude >> shift);
        if ((UInt128)kept << shift != magnitude)
        {
            kept |= 1;
        }

        var value = Math.ScaleB(kept, shift);
        return (BFloat16)(negative ? -value : value);
    }

    private static BFloat16 FromBigInteger(BigInteger value)
    {
        var magnitude = BigInteger.Abs(value);
        return magnitude > UInt128.MaxValue
            ? value.Sign < 0 ? NegativeInfinity : PositiveInfinity
            : FromMagnitude((UInt128)magnitude, value.Sign < 0);
    }

    private static bool TryConvertFrom<TOther>(TOther value, out BFloat16 result)
        where TOther : INumberBase<TOther>
    {
        if (typeof(TOther) == typeof(long) || typeof(TOther) == typeof(nint) || typeof(TOther) == typeof(Int128))
        {
            var wide = Int128.CreateTruncating(value);
            result = FromMagnitude(wide < 0 ? (UInt128)(-wide) : (UInt128)wide, wide < 0);
        }
        else if (typeof(TOther) == typeof(ulong) || typeof(TOther) == typeof(nuint) || typeof(TOther) == typeof(UInt128))
        {
            result = FromMagnitude(UInt128.CreateTruncating(value), negative: false);
        }
        else if (typeof(TOther) == typeof(BigInteger))
        {
            result = FromBigInteger((BigInteger)(object)value);
        }
        else
        {
            // Everything else that the BCL has fits a double (a decimal is rounded to one first).
            result = (BFloat16)double.CreateTruncating(value);
        }

        return true;
    }

    static bool INumberBase<BFloat16>.TryConvertFromChecked<TOther>(TOther value, out BFloat16 result) => TryConvertFrom(value, out result);

    static bool INumberBase<BFloat16>.TryConvertFromSaturating<TOther>(TOther value, out BFloat16 result) => TryConvertFrom(value, out result);

    static bool INumberBase<BFloat16>.TryConvertFromTruncating<TOther>(TOther value, out BFloat16 result) => TryConvertFrom(value, out result);

    static bool INumberBase<BFloat16>.TryConvertToChecked<TOther>(BFloat16 value, out TOther result)
    {
        result = TOther.CreateChecked<float>(value);
        return true;
    }

    static bool INumberBase<BFloat16>.TryConvertToSaturating<TOther>(BFloat16 value, out TOther result)
    {
        result = TOther.CreateSaturating<float>(value);
        return true;
    }

    static bool INumberBase<BFloat16>.TryConvertToTruncating<TOther>(BFloat16 value, out TOther result)
    {
        result = TOther.CreateTruncating<float>(value);
        return true;
    }
}
