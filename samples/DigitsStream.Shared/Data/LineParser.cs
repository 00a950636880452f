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
        if (!TryParseShort(in line, ref image) && !TryParseAny(in line, ref image))
            Fail(in line);
        image.Line = line.Number;
        image.IsHeldOut = line.IsHeldOut;
    }

    /// <summary>
    /// Numbers of one digit or two, as all are that somebody wrote without zeros before them. Looks only at the end whether
    /// it has left the line, which is why it reads all of the message's room.
    /// </summary>
    private static bool TryParseShort(in DigitLine line, ref DigitImage image)
    {
        var room = line.Room;
        Span<float> pixels = image.Pixels;
        var position = 0;
        foreach (ref var pixel in pixels)
        {
            if (position + 2 >= room.Length)
                return false;
            uint number = (uint)(room[position] - '0'), next = room[position + 1];
            if (next == ',')
                position += 2;
            else
            {
                if (number > 1 || room[position + 2] != ',') // 16 is the most
                    return false;
                (next, position) = (next - '0', position + 3);
                number = next <= 9 ? number * 10 + next : uint.MaxValue;
            }
            if (number > DigitImage.FullInk)
                return false;
            pixel = number;
        }
        if (position >= line.Length)
            return false;
        image.Label = (byte)(room[position] - '0');
        return image.Label <= LargestDigit && position + 1 == line.Length;
    }

    private static bool TryParseAny(in DigitLine line, ref DigitImage image)
    {
        var text = line.Bytes;
        Span<float> pixels = image.Pixels;
        var position = 0;
        foreach (ref var pixel in pixels)
        {
            if (!TryReadNumber(text, ref position, out var number) || number > DigitImage.FullInk || position == text.Length || text[position] != ',')
                return false;
            pixel = number;
            position++;
        }
        if (!TryReadNumber(text, ref position, out var label) || label > LargestDigit || position != line.Length)
            return false;
        image.Label = (byte)label;
        return true;
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
        throw new LineFormatException(line.Number, 0, "can't be read."); // unreachable: what is above finds what those two refuse
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
