using System.Buffers;
using System.Text;

namespace Psyne.Flow.Uris;

/// <summary>The letters of channel URIs: which stand for themselves, and the percent escapes of the others (UTF-8).</summary>
internal static class ChannelUriText
{
    private const int MaxShown = 80;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> s_keyLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> s_plainLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/:@[]*+,;!$'()");

    internal static bool IsKey(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(s_keyLetters);

    /// <summary>A letter, then letters, digits, '+', '-' and '.', as RFC 3986 has schemes.</summary>
    internal static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads percent escapes; returns null and says why in <paramref name="error"/> where that can't be done.</summary>
    internal static string? Decode(ReadOnlySpan<char> text, out string? error)
    {
        error = null;
        var bytes = new ArrayBufferWriter<byte>(text.Length + 1);
        while (text.Length > 0)
        {
            var plain = text.IndexOf('%');
            plain = plain < 0 ? text.Length : plain;
            try
            {
                s_strictUtf8.GetBytes(text[..plain], bytes);
            }
            catch (EncoderFallbackException)
            {
                error = "holds half of a surrogate pair, which is no character";
                return null;
            }

            text = text[plain..];
            if (text.Length == 0)
            {
                break;
            }

            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            {
                error = $"holds '{Show(text[..Math.Min(3, text.Length)])}', where '%' must be followed by two hexadecimal digits (a percent sign is %25)";
                return null;
            }

            bytes.Write([(byte)(Convert.FromHexString(text.Slice(1, 2))[0])]);
            text = text[3..];
        }

        try
        {
            var decoded = s_strictUtf8.GetString(bytes.WrittenSpan);
            error = Refuse(decoded);
            return error is null ? decoded : null;
        }
        catch (DecoderFallbackException)
        {
            error = "holds percent escapes that are not UTF-8";
            return null;
        }
    }

    /// <summary>Writes everything but plain letters as percent escapes.</summary>
    internal static void Encode(StringBuilder target, string text)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && s_plainLetters.Contains((char)rune.Value))
            {
                target.Append((char)rune.Value);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                target.Append('%').Append(Convert.ToHexString([value]));
            }
        }
    }

    /// <summary>A text as it is shown in errors: short, and without control characters.</summary>
    internal static string Show(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder();
        foreach (var letter in text[..Math.Min(text.Length, MaxShown)])
        {
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? $"\\u{(int)letter:X4}" : letter.ToString());
        }

        return text.Length > MaxShown ? shown.Append("...").ToString() : shown.ToString();
    }

    private static string? Refuse(string decoded)
    {
        foreach (var letter in decoded)
        {
            if (char.IsControl(letter))
            {
                return $"holds the control character U+{(int)letter:X4}";
            }
        }

        return null;
    }
}
