using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Psyne.Flow;

/// <content>Text: formats and parses as float and double do. Text is rounded to a double first.</content>
public readonly partial struct BFloat16
{
    // 8 significant bits are told apart by 4 significant digits, at most.
    private const int MaxDigits = 4;
    private const NumberStyles DefaultStyle = NumberStyles.Float | NumberStyles.AllowThousands;

    /// <inheritdoc/>
    public override string ToString() => ToString(null, null);

    /// <summary>Formats the number; without a format, by the fewest digits that parse to the same number.</summary>
    /// <inheritdoc/>
    public string ToString([StringSyntax(StringSyntaxAttribute.NumericFormat)] string? format, IFormatProvider? formatProvider) =>
        IsShortest(format) ? ToShortest().ToString(formatProvider) : ((float)this).ToString(format, formatProvider);

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        IsShortest(format)
            ? ToShortest().TryFormat(destination, out charsWritten, default, provider)
            : ((float)this).TryFormat(destination, out charsWritten, format, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(string s, IFormatProvider? provider) => (BFloat16)double.Parse(s, DefaultStyle, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(string s, NumberStyles style, IFormatProvider? provider) => (BFloat16)double.Parse(s, style, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => (BFloat16)double.Parse(s, DefaultStyle, provider);

    /// <inheritdoc/>
    public static BFloat16 Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => (BFloat16)double.Parse(s, style, provider);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s.AsSpan(), DefaultStyle, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s.AsSpan(), style, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out BFloat16 result) =>
        TryParse(s, DefaultStyle, provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out BFloat16 result)
    {
        var parsed = double.TryParse(s, style, provider, out var value);
        result = parsed ? (BFloat16)value : Zero;
        return parsed;
    }

    private static bool IsShortest(ReadOnlySpan<char> format) => format is [] or "G" or "g" or "R" or "r";

    /// <summary>The double with the fewest decimal digits that rounds to this number.</summary>
    private double ToShortest()
    {
        double exact = this;
        if (!IsFinite(this) || IsZero(this))
        {
            return exact;
        }

        Span<char> text = stackalloc char[32];
        ReadOnlySpan<char> formats = "E0E1E2E3";
        for (var digits = 1; digits <= MaxDigits; digits++)
        {
            _ = exact.TryFormat(text, out var length, formats.Slice((digits - 1) * 2, 2), CultureInfo.InvariantCulture);
            var value = double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
            if (((BFloat16)value)._bits == _bits)
            {
                return value;
            }
        }

        return exact;
    }
}
