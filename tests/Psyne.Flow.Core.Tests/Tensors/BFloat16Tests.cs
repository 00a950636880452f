using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Psyne.Flow.Tests.Tensors;

public sealed class BFloat16Tests
{
    private static IEnumerable<BFloat16> All => Enumerable.Range(0, 1 << 16).Select(bits => BFloat16.FromBits((ushort)bits));

    private static IEnumerable<BFloat16> Finite => All.Where(BFloat16.IsFinite);

    [Fact]
    public void Layout_IsTwoBytes() => Assert.Equal(2, Unsafe.SizeOf<BFloat16>());

    [Fact]
    public void Widen_AllNumbers_IsTheFloatWithTheseUpperBits()
    {
        foreach (var number in All)
        {
            float single = number;
            Assert.Equal((uint)number.ToBits() << 16, BitConverter.SingleToUInt32Bits(single));
            if (!BFloat16.IsNaN(number))
            {
                Assert.Equal((double)single, (double)number);
                Assert.Equal(number.ToBits(), ((BFloat16)single).ToBits());
                Assert.Equal(number.ToBits(), ((BFloat16)(double)number).ToBits());
            }
        }
    }

    [Fact]
    public void FromSingle_EveryRoundingBoundary_GoesToTheNearestAndTiesToEven()
    {
        for (uint upper = 0; upper < 0x7F80; upper++)
        {
            // Below, at and above the middle between a number and the next one, of both signs.
            Check(upper << 16 | 0x0000, upper);
            Check(upper << 16 | 0x0001, upper);
            Check(upper << 16 | 0x7FFF, upper);
            Check(upper << 16 | 0x8000, upper + (upper & 1));
            Check(upper << 16 | 0x8001, upper + 1);
            Check(upper << 16 | 0xFFFF, upper + 1);
        }

        static void Check(uint bits, uint expected)
        {
            Assert.Equal(expected, ((BFloat16)BitConverter.UInt32BitsToSingle(bits)).ToBits());
            Assert.Equal(expected | 0x8000, ((BFloat16)BitConverter.UInt32BitsToSingle(bits | 0x8000_0000)).ToBits());
        }
    }

    [Fact]
    public void FromSingle_OverflowAndInfinity_GiveInfinityAndNoNaN()
    {
        Assert.Equal(BFloat16.PositiveInfinity, (BFloat16)float.MaxValue);
        Assert.Equal(BFloat16.NegativeInfinity, (BFloat16)float.MinValue);
        Assert.Equal(BFloat16.PositiveInfinity, (BFloat16)float.PositiveInfinity);
        Assert.Equal(BFloat16.MaxValue, (BFloat16)BitConverter.UInt32BitsToSingle(0x7F7F_7FFF));
        Assert.Equal(BFloat16.PositiveInfinity, (BFloat16)double.MaxValue);
        Assert.Equal(BFloat16.PositiveInfinity, (BFloat16)1e300);
        Assert.Equal(BFloat16.NegativeInfinity, (BFloat16)double.NegativeInfinity);
    }

    [Fact]
    public void FromNaN_AnyPayload_StaysAQuietNaNWithItsUpperBits()
    {
        for (uint payload = 1; payload < 0x80_0000; payload = payload * 3 + 1)
        {
            foreach (var bits in new[] { 0x7F80_0000 | payload, 0xFF80_0000 | payload })
            {
                var number = (BFloat16)BitConverter.UInt32BitsToSingle(bits);
                Assert.True(BFloat16.IsNaN(number));
                Assert.Equal((bits >> 16) | 0x40, number.ToBits());
            }
        }

        Assert.True(BFloat16.IsNaN((BFloat16)double.NaN));
        Assert.True(BFloat16.IsNaN((BFloat16)BitConverter.UInt64BitsToDouble(0x7FF0_0000_0000_0001)));
        Assert.True(BFloat16.IsNaN((BFloat16)Half.NaN));
    }

    [Fact]
    public void FromDouble_AroundEveryBoundary_RoundsOnceAndNotByWayOfFloat()
    {
        foreach (var number in Finite.Where(n => BFloat16.IsPositive(n) && n != BFloat16.MaxValue))
        {
            var next = BFloat16.FromBits((ushort)(number.ToBits() + 1));
            var middle = ((double)number + next) / 2; // exact
            var even = (number.ToBits() & 1) == 0 ? number : next;
            Check(Math.BitDecrement(middle), number); // a float would round these to the middle
            Check(middle, even);
            Check(Math.BitIncrement(middle), next);
        }

        var last = ((double)BFloat16.MaxValue) + Math.ScaleB(1, 119);
        Check(Math.BitDecrement(last), BFloat16.MaxValue);
        Check(last, BFloat16.PositiveInfinity);

        static void Check(double value, BFloat16 expected)
        {
            Assert.Equal(expected.ToBits(), ((BFloat16)value).ToBits());
            Assert.Equal(expected.ToBits() | 0x8000, ((BFloat16)(-value)).ToBits());
        }
    }

    [Fact]
    public void FromHalf_AllHalves_AsFromSingleAndBack()
    {
        for (var bits = 0; bits < 1 << 16; bits++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.Equal(((BFloat16)(float)half).ToBits(), ((BFloat16)half).ToBits());
        }

        Assert.Equal((Half)1.5f, (Half)(BFloat16)1.5f);
        Assert.True(Half.IsPositiveInfinity((Half)BFloat16.MaxValue));
    }

    [Fact]
    public void Spans_AllNumbersWidened_EqualTheScalar()
    {
        var numbers = All.ToArray();
        var floats = new float[numbers.Length];
        BFloat16.ConvertToSingle(numbers, floats);
        for (var i = 0; i < numbers.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToUInt32Bits(numbers[i]), BitConverter.SingleToUInt32Bits(floats[i]));
        }
    }

    [Fact]
    public void Spans_BoundariesNaNsAndRandomFloats_EqualTheScalar()
    {
        const int Block = 1 << 16;
        var floats = new float[Block];
        var numbers = new BFloat16[Block];
        uint[] lower = [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF];
        foreach (var low in lower)
        {
            for (uint i = 0; i < Block; i++)
            {
                floats[i] = BitConverter.UInt32BitsToSingle(i << 16 | low);
            }

            Compare();
        }

        var random = new Random(2026);
        for (var round = 0; round < 10_000_000 / Block + 1; round++)
        {
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()));
            Compare();
        }

        void Compare()
        {
            BFloat16.ConvertFromSingle(floats, numbers);
            var wrong = -1;
            for (var i = 0; i < Block; i++)
            {
                if (((BFloat16)floats[i]).ToBits() != numbers[i].ToBits())
                {
                    wrong = i;
                }
            }

            Assert.True(wrong < 0, wrong < 0 ? "" : $"0x{BitConverter.SingleToUInt32Bits(floats[wrong]):X8} gave 0x{numbers[wrong].ToBits():X4}.");
        }
    }

    [Fact]
    public void Spans_AnyLength_WriteExactlyTheSource()
    {
        for (var length = 0; length < 100; length++)
        {
            var floats = Enumerable.Range(1, length).Select(i => i * 1.001f).ToArray();
            var numbers = new BFloat16[length + 1];
            BFloat16.ConvertFromSingle(floats, numbers);
            Assert.Equal(floats.Select(f => (BFloat16)f), numbers.Take(length));
            Assert.Equal(BFloat16.Zero, numbers[length]);

            var back = new float[length + 1];
            BFloat16.ConvertToSingle(numbers.AsSpan(0, length), back);
            Assert.Equal(numbers.Take(length).Select(n => (float)n), back.Take(length));
            Assert.Equal(0f, back[length]);
        }
    }

    [Fact]
    public void Spans_ShortDestination_NamesBothLengths()
    {
        var error = Assert.Throws<ArgumentException>(() => BFloat16.ConvertFromSingle(new float[5], new BFloat16[4]));
        Assert.Contains("holds 4 numbers; 5", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BFloat16.ConvertToSingle(new BFloat16[1], []));
    }

    [Fact]
    public void Arithmetic_RandomPairs_IsFloatRoundedOnce()
    {
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            var a = BFloat16.FromBits((ushort)random.Next(1 << 16));
            var b = BFloat16.FromBits((ushort)random.Next(1 << 16));
            Check((float)a + b, a + b);
            Check((float)a - b, a - b);
            Check((float)a * b, a * b);
            Check((float)a / b, a / b);
            Check((float)a % b, a % b);
            Assert.Equal((float)a < b, a < b);
            Assert.Equal((float)a > b, a > b);
            Assert.Equal((float)a <= b, a <= b);
            Assert.Equal((float)a >= b, a >= b);
            Assert.Equal((float)a == b, a == b);
            Assert.Equal((float)a != b, a != b);
            Assert.Equal(((float)a).CompareTo(b), a.CompareTo(b));
            Assert.Equal(((float)a).Equals(b), a.Equals(b));
            Assert.True(!a.Equals(b) || a.GetHashCode() == b.GetHashCode());
            Check(float.MaxMagnitude(a, b), BFloat16.MaxMagnitude(a, b));
            Check(float.MinMagnitude(a, b), BFloat16.MinMagnitude(a, b));
            Check(float.Max(a, b), BFloat16.Max(a, b));
            Check(float.Min(a, b), BFloat16.Min(a, b));
        }

        static void Check(float exact, BFloat16 result) => Assert.Equal(((BFloat16)exact).ToBits() & Mask(exact), result.ToBits() & Mask(exact));

        // Which of two NaNs comes through is the processor's business.
        static int Mask(float exact) => float.IsNaN(exact) ? 0x7FC0 : 0xFFFF;
    }

    [Fact]
    public void Classification_AllNumbers_IsTheFloatsButForNormal()
    {
        foreach (var number in All)
        {
            float single = number;
            Assert.Equal(float.IsFinite(single), BFloat16.IsFinite(number));
            Assert.Equal(float.IsInfinity(single), BFloat16.IsInfinity(number));
            Assert.Equal(float.IsPositiveInfinity(single), BFloat16.IsPositiveInfinity(number));
            Assert.Equal(float.IsNegativeInfinity(single), BFloat16.IsNegativeInfinity(number));
            Assert.Equal(float.IsNaN(single), BFloat16.IsNaN(number));
            Assert.Equal(float.IsNegative(single), BFloat16.IsNegative(number));
            Assert.Equal(float.IsPositive(single), BFloat16.IsPositive(number));
            Assert.Equal(float.IsNormal(single), BFloat16.IsNormal(number)); // same exponent range
            Assert.Equal(float.IsSubnormal(single), BFloat16.IsSubnormal(number));
            Assert.Equal(single == 0, BFloat16.IsZero(number));
            Assert.Equal(float.IsInteger(single), BFloat16.IsInteger(number));
            Assert.Equal(float.IsEvenInteger(single), BFloat16.IsEvenInteger(number));
            Assert.Equal(float.IsOddInteger(single), BFloat16.IsOddInteger(number));
            Assert.Equal(float.IsRealNumber(single), BFloat16.IsRealNumber(number));
            Assert.Equal(number.ToBits() & 0x7FFF, BFloat16.Abs(number).ToBits());
            Assert.Equal(number.ToBits() ^ 0x8000, (-number).ToBits());
            Assert.Equal(number.ToBits(), (+number).ToBits());
        }
    }

    [Fact]
    public void Constants_HaveTheirValues()
    {
        Assert.Equal(1f, BFloat16.One);
        Assert.Equal(-1f, BFloat16.NegativeOne);
        Assert.Equal(Math.ScaleB(1, -133), (double)BFloat16.Epsilon);
        Assert.Equal(Math.ScaleB(2 - Math.ScaleB(1, -7), 127), (double)BFloat16.MaxValue);
        Assert.Equal(-(double)BFloat16.MaxValue, (double)BFloat16.MinValue);
        Assert.True(BFloat16.IsNaN(BFloat16.NaN));
        Assert.True(BFloat16.NegativeZero == BFloat16.Zero && BFloat16.IsNegative(BFloat16.NegativeZero));
        Assert.Equal(2f, BFloat16.One + BFloat16.One);
    }

    [Fact]
    public void CompareTo_Objects_OrdersOrRefuses()
    {
        Assert.Equal(1, BFloat16.One.CompareTo(null));
        Assert.Equal(0, BFloat16.One.CompareTo((object)BFloat16.One));
        Assert.Throws<ArgumentException>(() => BFloat16.One.CompareTo((object)1f));
        Assert.False(BFloat16.One.Equals((object)1f));
        Assert.True(BFloat16.NaN.Equals((object)BFloat16.NaN));
    }

    [Fact]
    public void Text_AllFiniteNumbers_RoundTripsInAtMostFourDigits()
    {
        Span<char> buffer = stackalloc char[64];
        foreach (var number in Finite)
        {
            var text = number.ToString(null, CultureInfo.InvariantCulture);
            Assert.Equal(number.ToBits(), BFloat16.Parse(text, CultureInfo.InvariantCulture).ToBits());
            Assert.True(number.TryFormat(buffer, out var written, default, CultureInfo.InvariantCulture));
            Assert.Equal(text, buffer[..written].ToString());
            Assert.True(text.Split('E')[0].Trim('-', '0', '.').Replace(".", "", StringComparison.Ordinal).Trim('0').Length <= 4, text);
        }
    }

    [Fact]
    public void Text_FormatsAndStyles_AreThoseOfFloat()
    {
        var invariant = CultureInfo.InvariantCulture;
        Assert.Equal("0.1", ((BFloat16)0.1f).ToString(null, invariant));
        Assert.Equal("0.10", ((BFloat16)0.1f).ToString("F2", invariant));
        Assert.Equal("-0", BFloat16.NegativeZero.ToString("R", invariant));
        Assert.Equal("NaN", BFloat16.NaN.ToString("G", invariant));
        Assert.Equal("Infinity", BFloat16.PositiveInfinity.ToString(null, invariant));
        Assert.Equal((BFloat16)1234f, BFloat16.Parse("1,234", NumberStyles.Float | NumberStyles.AllowThousands, invariant));
        Assert.Equal((BFloat16)(-2.5f), BFloat16.Parse("-2.5".AsSpan(), invariant));
        Assert.Equal((BFloat16)2.5f, BFloat16.Parse("2.5".AsSpan(), NumberStyles.Float, invariant));
        Assert.True(BFloat16.TryParse("7", invariant, out var seven) && seven == (BFloat16)7);
        Assert.True(BFloat16.TryParse("7".AsSpan(), invariant, out seven) && (int)seven == 7);
        Assert.True(BFloat16.TryParse("7", NumberStyles.Float, invariant, out seven) && seven == (BFloat16)7);
        Assert.False(BFloat16.TryParse("seven", invariant, out var zero) || zero != BFloat16.Zero);
        Assert.False(BFloat16.TryParse((string?)null, invariant, out _));
        Assert.Throws<FormatException>(() => BFloat16.Parse("1.2.3", invariant));
        Assert.NotEmpty(((BFloat16)0.5f).ToString());
    }

    [Fact]
    public void GenericMath_SumsAndConversions_Work()
    {
        Assert.Equal((BFloat16)6f, Sum<BFloat16>([(BFloat16)1f, (BFloat16)2f, (BFloat16)3f]));
        Assert.Equal(3, int.CreateChecked((BFloat16)3.7f));
        Assert.Throws<OverflowException>(() => byte.CreateChecked((BFloat16)300f));
        Assert.Equal(255, byte.CreateSaturating((BFloat16)300f));
        Assert.Equal(3u, uint.CreateTruncating((BFloat16)3.7f));
        Assert.Equal(0.5m, decimal.CreateChecked((BFloat16)0.5f));
        Assert.Equal(0.5, double.CreateChecked((BFloat16)0.5f));
        Assert.Equal((BFloat16)0.5f, To.Checked(0.5m));
        Assert.Equal((BFloat16)0.5f, To.Saturating((BFloat16)0.5f));
        Assert.Equal((BFloat16)3f, To.Saturating(3));
        Assert.Equal((BFloat16)200f, To.Truncating((byte)200));
        Assert.Equal((BFloat16)(-200f), To.Checked((short)-200));
        Assert.Equal(2f, To.Checked(2f));

        static T Sum<T>(T[] values) where T : INumber<T> => values.Aggregate(T.AdditiveIdentity, (sum, value) => sum + value);
    }

    [Fact]
    public void FromIntegers_JustBesideAMiddle_RoundOnce()
    {
        // 257 * 2^54 is the middle between 256 and 258; a double cannot tell it from its neighbours.
        const long Middle = 257L << 54;
        var middle = Middle;
        var below = (BFloat16)(double)(256L << 54);
        var above = (BFloat16)(double)(258L << 54);
        Assert.Equal(below, To.Checked(Middle - 1));
        Assert.Equal(below, To.Checked(Middle));
        Assert.Equal(above, To.Checked(Middle + 1));
        Assert.Equal(-above, To.Checked(-Middle - 1));
        Assert.Equal(above, To.Checked((ulong)Middle + 1));
        Assert.Equal(above, To.Checked((nint)middle + 1));
        Assert.Equal(above, To.Checked((nuint)middle + 1));
        Assert.Equal(above, To.Checked((Int128)Middle + 1));
        Assert.Equal(above, To.Checked((UInt128)Middle + 1));
        Assert.Equal(above, To.Checked((BigInteger)Middle + 1));
        Assert.Equal(-above, To.Checked(-(BigInteger)Middle - 1));
        Assert.Equal(BFloat16.PositiveInfinity, To.Checked(BigInteger.Pow(10, 60)));
        Assert.Equal(BFloat16.NegativeInfinity, To.Checked(-BigInteger.Pow(10, 60)));
        Assert.Equal(-Math.ScaleB(1, 127), (double)To.Checked(Int128.MinValue));
        Assert.Equal(BFloat16.PositiveInfinity, To.Checked(UInt128.MaxValue));
        Assert.Equal(BFloat16.Zero, To.Checked(0L));
    }

    [Fact]
    public void FromInt32_RandomIntegers_AreNearest()
    {
        var random = new Random(3);
        for (var i = 0; i < 10_000; i++)
        {
            var value = random.Next(int.MinValue, int.MaxValue) >> random.Next(0, 31);
            var number = (BFloat16)value;
            foreach (var step in new[] { -1, 1 })
            {
                var neighbour = BFloat16.FromBits((ushort)(number.ToBits() + step));
                Assert.True(value == 0 || Math.Abs(value - (double)number) <= Math.Abs(value - (double)neighbour));
            }
        }
    }

    /// <summary>Static interface members are reached by way of a type parameter.</summary>
    private static class To
    {
        internal static BFloat16 Checked<T>(T value) where T : INumberBase<T> => Convert<BFloat16>.Checked(value);

        internal static BFloat16 Saturating<T>(T value) where T : INumberBase<T> => Convert<BFloat16>.Saturating(value);

        internal static BFloat16 Truncating<T>(T value) where T : INumberBase<T> => Convert<BFloat16>.Truncating(value);
    }

    private static class Convert<TSelf>
        where TSelf : INumberBase<TSelf>
    {
        internal static TSelf Checked<T>(T value) where T : INumberBase<T> => TSelf.CreateChecked(value);

        internal static TSelf Saturating<T>(T value) where T : INumberBase<T> => TSelf.CreateSaturating(value);

        internal static TSelf Truncating<T>(T value) where T : INumberBase<T> => TSelf.CreateTruncating(value);
    }
}
