using System.Numerics;
using Xunit;

namespace Psyne.Flow.Tests.Tensors;

/// <summary>What generic math sees of the type: members that are only reached by way of a type parameter.</summary>
public sealed class BFloat16NumberTests
{
    [Fact]
    public void INumberBase_AllMembers_AgreeWithFloat() => AssertAgrees<BFloat16>();

    [Fact]
    public void INumber_Defaults_AgreeWithFloat()
    {
        AssertClamps<BFloat16>();
        AssertClamps<float>();
    }

    [Fact]
    public void Increment_AndDecrement_MoveByOne()
    {
        var number = (BFloat16)2.5f;
        number++;
        Assert.Equal(3.5f, number);
        number--;
        number--;
        Assert.Equal(1.5f, number);
    }

    [Fact]
    public void MinMaxValue_AndNegativeOne_AreReachedGenerically()
    {
        Assert.Equal(BFloat16.MaxValue, Max<BFloat16>());
        Assert.Equal(BFloat16.NegativeOne, Negative<BFloat16>());

        static T Max<T>() where T : IMinMaxValue<T> => T.MaxValue;

        static T Negative<T>() where T : ISignedNumber<T> => T.NegativeOne;
    }

    private static void AssertAgrees<T>()
        where T : INumberBase<T>
    {
        Assert.Equal(2, T.Radix);
        Assert.Equal(T.One, T.MultiplicativeIdentity);
        Assert.Equal(T.Zero, T.AdditiveIdentity);
        Assert.Equal(T.One + T.One, T.CreateChecked(2f));
        float[] values = [0f, -0f, 1f, -1f, 2.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        foreach (var left in values)
        {
            var x = T.CreateChecked(left);
            Assert.True(T.IsCanonical(x));
            Assert.False(T.IsComplexNumber(x));
            Assert.False(T.IsImaginaryNumber(x));
            Assert.Equal(!float.IsNaN(left), T.IsRealNumber(x));
            foreach (var right in values)
            {
                var y = T.CreateChecked(right);
                Assert.Equal(float.MaxMagnitudeNumber(left, right), float.CreateChecked(T.MaxMagnitudeNumber(x, y)));
                Assert.Equal(float.MinMagnitudeNumber(left, right), float.CreateChecked(T.MinMagnitudeNumber(x, y)));
            }
        }
    }

    private static void AssertClamps<T>()
        where T : INumber<T>
    {
        var (one, two, three) = (T.One, T.One + T.One, T.One + T.One + T.One);
        Assert.Equal(two, T.Clamp(three, one, two));
        Assert.Equal(-1, T.Sign(-three));
        Assert.Equal(-two, T.CopySign(two, -one));
        Assert.Equal(three, T.MaxNumber(three, two));
        Assert.Equal(two, T.MinNumber(three, two));
    }
}
