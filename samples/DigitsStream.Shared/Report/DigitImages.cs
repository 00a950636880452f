using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Pixels as pictures.</summary>
internal static class DigitImages
{
    private const double Side = 8;

    /// <summary>A picture of 8 by 8 values.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="most">The value that is drawn as full ink.</param>
    /// <param name="meaning">What it shows.</param>
    /// <param name="classes">The ink.</param>
    public static XElement Draw(IReadOnlyList<double> values, double most, string meaning, string classes) => Drawing(
        Pixels.Side * Side, Pixels.Side * Side, meaning,
        values.Select((value, i) => Tag("rect",
            At("x", i % Pixels.Side * Side), At("y", i / Pixels.Side * Side), At("width", Side), At("height", Side),
            At("fill-opacity", most > 0 ? value / most : 0), Class(classes))));

    public static IReadOnlyList<double> Values(ReadOnlySpan<float> pixels)
    {
        var values = new double[pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = pixels[i];
        return values;
    }
}
