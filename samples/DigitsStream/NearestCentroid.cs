using System.Numerics.Tensors;

/// <summary>Knows the mean image of each digit, and takes an image for the digit whose mean is nearest.</summary>
internal sealed class NearestCentroid
{
    private readonly double[][] _sums = [.. Enumerable.Range(0, 10).Select(_ => new double[64])];
    private readonly int[] _counts = new int[10];

    public void Train(in DigitImage image)
    {
        Span<double> pixels = stackalloc double[64];
        TensorPrimitives.ConvertTruncating<byte, double>(image.Pixels, pixels);
        double[] sum = _sums[image.Label];
        TensorPrimitives.Add(sum, pixels, sum);
        _counts[image.Label]++;
    }

    public int Classify(in DigitImage image)
    {
        Span<double> pixels = stackalloc double[64];
        Span<double> mean = stackalloc double[64];
        Span<double> distances = stackalloc double[10];
        TensorPrimitives.ConvertTruncating<byte, double>(image.Pixels, pixels);
        for (int digit = 0; digit < distances.Length; digit++)
        {
            TensorPrimitives.Divide(_sums[digit], _counts[digit], mean);
            distances[digit] = TensorPrimitives.Distance<double>(pixels, mean);
        }
        return TensorPrimitives.IndexOfMin<double>(distances);
    }
}
