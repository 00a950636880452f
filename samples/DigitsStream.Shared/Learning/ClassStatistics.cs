using System.Numerics.Tensors;

namespace Psyne.Flow.Samples.Digits;

/// <summary>What the images of each digit have in common: how many, how much ink and where, each pixel's mean and variance.</summary>
/// <remarks>One thread at a time, <see cref="Batches"/> from any. Allocates nothing after it is made.</remarks>
public sealed class ClassStatistics
{
    private sealed class Sums
    {
        internal long Count;
        internal double Ink, InkSquares, Row, Column;
        internal readonly double[] Pixels = new double[Digits.Pixels.Count];
        internal readonly double[] Squares = new double[Digits.Pixels.Count];
    }

    private readonly Sums[] _classes = [.. Enumerable.Range(0, NearestCentroid.Classes).Select(_ => new Sums())];
    private long _batches;

    /// <summary>Images of all digits.</summary>
    public long Count => _classes.Sum(sums => sums.Count);

    /// <summary>Batches that were added so far.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Adds a batch of images. The batch stays the caller's.</summary>
    public void Add(OwnedLeaseBatch<DigitFeatures> batch)
    {
        for (var i = 0; i < batch.Count; i++)
            Add(in batch[i]);
        Volatile.Write(ref _batches, _batches + 1);
    }

    /// <summary>Adds an image.</summary>
    public void Add(in DigitFeatures features)
    {
        Span<double> pixels = stackalloc double[Pixels.Count];
        TensorPrimitives.ConvertTruncating<float, double>(features.Pixels, pixels);
        var sums = _classes[features.Label];
        sums.Count++;
        sums.Ink += features.Ink;
        sums.InkSquares += (double)features.Ink * features.Ink;
        sums.Row += features.CentreRow;
        sums.Column += features.CentreColumn;
        TensorPrimitives.Add(sums.Pixels, pixels, sums.Pixels);
        TensorPrimitives.MultiplyAdd<double>(pixels, pixels, sums.Squares, sums.Squares);
    }

    /// <summary>The figures of a digit; null where there was no image of it.</summary>
    public ClassFigures? Of(int digit)
    {
        var sums = _classes[digit];
        if (sums.Count == 0)
            return null;
        var mean = sums.Ink / sums.Count;
        return new ClassFigures(digit, sums.Count, mean, Variance(mean, sums.InkSquares, sums.Count), sums.Row / sums.Count, sums.Column / sums.Count,
            [.. sums.Pixels.Select(sum => sum / sums.Count)],
            [.. sums.Pixels.Zip(sums.Squares, (sum, squares) => Variance(sum / sums.Count, squares, sums.Count))]);
    }

    /// <summary>Of values between 0 and 1 in 64-bit sums, where the difference of squares loses nothing that is shown.</summary>
    private static double Variance(double mean, double squares, long count) => Math.Max(0, squares / count - mean * mean);
}
