using System.Numerics.Tensors;

namespace Psyne.Flow.Samples.Digits;

/// <summary>One scanned digit. Parsed from a <see cref="DigitLine"/>, then scaled where it lies.</summary>
public struct DigitImage
{
    /// <summary>A pixel of full ink, as the file has it.</summary>
    public const int FullInk = 16;

    /// <summary>0 is blank; full ink is <see cref="FullInk"/> when parsed, and 1 when scaled.</summary>
    public Pixels Pixels;

    /// <summary>Which line of the file it was.</summary>
    public int Line;

    /// <summary>The digit that was written, 0 to 9.</summary>
    public byte Label;

    public bool IsHeldOut;

    /// <summary>Brings the pixels from 0..16 to 0..1, in place.</summary>
    public static void Scale(ref DigitImage image)
    {
        Span<float> pixels = image.Pixels;
        TensorPrimitives.Multiply(pixels, 1f / FullInk, pixels);
    }
}
