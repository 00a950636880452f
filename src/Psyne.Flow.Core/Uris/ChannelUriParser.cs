using System.Diagnostics.CodeAnalysis;

namespace Psyne.Flow.Uris;

/// <summary>Reads <c>scheme://name?key=value&amp;key=value</c>, and says what is wrong with what isn't one.</summary>
internal static class ChannelUriParser
{
    private const string Shape = "a channel URI looks like memory://name?mode=mpsc&capacity=4096";

    internal static bool TryParse(string text, [NotNullWhen(true)] out ChannelUri? uri, [NotNullWhen(false)] out string? error)
    {
        uri = null;
        if (text.Length > ChannelUri.MaxLength)
        {
            error = $"The channel URI has {text.Length} characters; at most {ChannelUri.MaxLength} are allowed.";
            return false;
        }

        // What must not stand unescaped anywhere, before the parts are told apart.
        foreach (var letter in text)
        {
            if (char.IsControl(letter) || char.IsWhiteSpace(letter) || letter == '#')
            {
                var escape = letter == '#' ? "%23" : letter == ' ' ? "%20" : null;
                error = $"The channel URI '{ChannelUriText.Show(text)}' holds {Name(letter)}, which is not allowed{(escape is null ? "" : $"; write {escape}")}.";
                return false;
            }
        }

        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd <= 0 || !ChannelUriText.IsScheme(text.AsSpan(0, schemeEnd)))
        {
            error = schemeEnd > 0
                ? $"The scheme '{ChannelUriText.Show(text.AsSpan(0, schemeEnd))}' of the channel URI must be a letter followed by letters, digits, '+', '-' and '.'."
                : $"The channel URI '{ChannelUriText.Show(text)}' has no scheme before '://'; {Shape}.";
            return false;
        }

        var queryStart = text.IndexOf('?', StringComparison.Ordinal);
        queryStart = queryStart < 0 ? text.Length : queryStart;
        if (queryStart < schemeEnd + 4)
        {
            error = $"The channel URI '{ChannelUriText.Show(text)}' has no name after '://'; {Shape}.";
            return false;
        }

        var name = ChannelUriText.Decode(text.AsSpan(schemeEnd + 3, queryStart - schemeEnd - 3), out var reason);
        if (name is null)
        {
            error = $"The name of the channel URI '{ChannelUriText.Show(text)}' {reason}.";
            return false;
        }

        var options = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (queryStart < text.Length && !TryParseOptions(text.AsSpan(queryStart + 1), options, out error))
        {
            return false;
        }

        error = null;
        uri = new ChannelUri(text[..schemeEnd].ToLowerInvariant(), name, options);
        return true;
    }

    private static bool TryParseOptions(ReadOnlySpan<char> query, SortedDictionary<string, string> options, [NotNullWhen(false)] out string? error)
    {
        foreach (var range in query.Split('&'))
        {
            var option = query[range];
            var equals = option.IndexOf('=');
            var key = option[..Math.Max(0, equals)];
            if (!ChannelUriText.IsKey(key))
            {
                error = $"The option '{ChannelUriText.Show(option)}' of the channel URI must read key=value, the key of letters, digits, '-', '_' and '.'; options are separated by one '&'.";
                return false;
            }

            var value = ChannelUriText.Decode(option[(equals + 1)..], out var reason);
            if (value is null)
            {
                error = $"The value of option '{key}' of the channel URI {reason}.";
                return false;
            }

            if (!options.TryAdd(key.ToString(), value))
            {
                error = $"The option '{key}' stands in the channel URI twice; each may stand there once, in upper or lower case.";
                return false;
            }
        }

        error = null;
        return true;
    }

    private static string Name(char letter) =>
        char.IsControl(letter) ? $"the control character U+{(int)letter:X4}" : letter == '#' ? "a '#'" : $"white space (U+{(int)letter:X4})";
}
