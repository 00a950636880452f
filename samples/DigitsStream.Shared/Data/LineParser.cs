using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Makes an image of a line, from one slot to the next.</summary>
public static class LineParser
{
    /// <summary>Numbers of a line: the pixels, then the digit.</summary>
    public const int Fields = Pixels.Count + 1;

    private const int LargestDigit = 9;
    private const int LargestQuote = 24;

    /// <summary>Parses a line. Doesn't allocate, unless it throws.</summary>
    /// <exception cref="LineFormatException">The line is not 64 numbers from 0 to 16 and one from 0 to 9, between commas.</exception>
    public static void Parse(in DigitLine line, ref DigitImage image)
    {
        var text = line.Bytes;
        Span<float> pixels = image.Pixels;
        var position = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            if (!TryReadNumber(text, ref position, out var pixel) || pixel > DigitImage.FullInk || position == text.Length || text[position] != ',')
                Fail(in line);
            pixels[i] = pixel;
            position++;
        }
        if (!TryReadNumber(text, ref position, out var label) || label > LargestDigit || position != line.Length)
            Fail(in line);
        image.Label = (byte)label;
        image.Line = line.Number;
        image.IsHeldOut = line.IsHeldOut;
    }

    /// <summary>Reads the digits that stand at a position and steps over them. False where there is none.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> text, ref int position, out int number)
    {
        const int beyondAnyBound = 1000;
        var start = position;
        for (number = 0; position < text.Length && char.IsAsciiDigit((char)text[position]); position++)
            number = Math.Min(number * 10 + (text[position] - '0'), beyondAnyBound);
        return position > start;
    }

    /// <summary>Finds out what is wrong.</summary>
    [DoesNotReturn]
    private static void Fail(in DigitLine line)
    {
        if (line.Length == 0)
            throw new LineFormatException(line.Number, 0, $"is empty; a line has {Fields} numbers.");
        if (line.Length > DigitLine.MaximumLength)
            throw new LineFormatException(line.Number, 0, $"has {line.Length:N0} bytes; a line has at most {DigitLine.MaximumLength}.");
        var fields = line.Bytes.Count((byte)',') + 1;
        if (fields != Fields)
            throw new LineFormatException(line.Number, 0, $"has {fields} fields; a line has {Fields}: {Pixels.Count} pixels and the digit.");
        var field = 0;
        foreach (var range in line.Bytes.Split((byte)','))
        {
            field++;
            var (bound, meaning) = field == Fields ? (LargestDigit, "digit") : (DigitImage.FullInk, "pixel");
            var text = line.Bytes[range];
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                throw new LineFormatException(line.Number, field, $"{Quote(text)} is not a number; a {meaning} is one from 0 to {bound}.");
            if (number < 0 || number > bound || text[0] is (byte)'+' or (byte)'-')
                throw new LineFormatException(line.Number, field, $"{Quote(text)} is not a {meaning}; these go from 0 to {bound}.");
        }
        throw new LineFormatException(line.Number, 0, "can't be read."); // unreachable while both ways agree on what a line is
    }

    /// <summary>A value for an error text: short, and without what would upset a terminal.</summary>
    private static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.Latin1.GetString(text[..Math.Min(text.Length, LargestQuote)]);
        var quote = new StringBuilder("'");
        foreach (var c in shown)
            quote.Append(char.IsBetween(c, ' ', '~') ? c : '?');
        return quote.Append(text.Length > LargestQuote ? "...'" : "'").ToString();
    }
}
