using System.Numerics.Tensors;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Knows the mean image of each digit, and takes an image for the digit whose mean is nearest.</summary>
/// <remarks>One thread at a time. Allocates nothing after it is made.</remarks>
public sealed class NearestCentroid
{
    /// <summary>How many digits there are.</summary>
    public const int Classes = 10;

    private readonly double[][] _sums = [.. Enumerable.Range(0, Classes).Select(_ => new double[Pixels.Count])];
    private readonly long[] _counts = new long[Classes];
    private readonly float[][] _means = [.. Enumerable.Range(0, Classes).Select(_ => new float[Pixels.Count])];
    private uint _stale; // a bit for each digit whose mean is to be computed again

    /// <summary>Images that a digit was trained on.</summary>
    public long Count(int digit) => _counts[digit];

    /// <summary>The mean of the images that a digit was trained on; all blank where there was none.</summary>
    public ReadOnlySpan<float> Mean(int digit)
    {
        if ((_stale & 1u << digit) != 0)
        {
            Span<double> mean = stackalloc double[Pixels.Count];
            TensorPrimitives.Divide(_sums[digit], _counts[digit], mean);
            TensorPrimitives.ConvertTruncating<double, float>(mean, _means[digit]);
            _stale &= ~(1u << digit);
        }
        return _means[digit];
    }

    public void Train(in DigitFeatures features)
    {
        Span<double> pixels = stackalloc double[Pixels.Count];
        TensorPrimitives.ConvertTruncating<float, double>(features.Pixels, pixels);
        var sum = _sums[features.Label];
        TensorPrimitives.Add(sum, pixels, sum);
        _counts[features.Label]++;
        _stale |= 1u << features.Label;
    }

    /// <summary>The digit whose mean is nearest, the smaller one of two; -1 before any training.</summary>
    public int Classify(in DigitFeatures features)
    {
        var (nearest, least) = (-1, float.PositiveInfinity);
        for (var digit = 0; digit < Classes; digit++)
        {
            if (_counts[digit] == 0)
                continue;
            var distance = Distance(in features, digit);
            if (distance < least)
                (nearest, least) = (digit, distance);
        }
        return nearest;
    }

    /// <summary>How far an image is from a digit's mean; NaN for a digit that was not trained.</summary>
    public float Distance(in DigitFeatures features, int digit) =>
        _counts[digit] == 0 ? float.NaN : TensorPrimitives.Distance<float>(features.Pixels, Mean(digit));
}
