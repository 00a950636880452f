using System.Numerics.Tensors;

namespace Psyne.Flow.Samples.Digits;

/// <summary>What is measured on a scaled image: its pixels, how much ink it has, and where.</summary>
public struct DigitFeatures
{
    /// <summary>The scaled pixels, which the classifier compares.</summary>
    public Pixels Pixels;

    /// <summary>The mean of the pixels: 0 is blank, 1 is all ink.</summary>
    public float Ink;

    /// <summary>The row and the column, 0 to 7, in which the ink's weight lies; the middle for a blank image.</summary>
    public float CentreRow, CentreColumn;

    public int Line;
    public byte Label;
    public bool IsHeldOut;

    private static readonly float[] RowOf = [.. Enumerable.Range(0, Digits.Pixels.Count).Select(i => (float)(i / Digits.Pixels.Side))];
    private static readonly float[] ColumnOf = [.. Enumerable.Range(0, Digits.Pixels.Count).Select(i => (float)(i % Digits.Pixels.Side))];

    /// <summary>Measures an image, and writes what it finds into the slot of the next message.</summary>
    public static void Measure(in DigitImage image, ref DigitFeatures features)
    {
        const float middle = (Digits.Pixels.Side - 1) / 2f;
        ReadOnlySpan<float> pixels = image.Pixels;
        var ink = TensorPrimitives.Sum(pixels);
        features.Pixels = image.Pixels;
        features.Ink = ink / Digits.Pixels.Count;
        features.CentreRow = ink > 0 ? TensorPrimitives.Dot(pixels, RowOf) / ink : middle;
        features.CentreColumn = ink > 0 ? TensorPrimitives.Dot(pixels, ColumnOf) / ink : middle;
        features.Line = image.Line;
        features.Label = image.Label;
        features.IsHeldOut = image.IsHeldOut;
    }
}
