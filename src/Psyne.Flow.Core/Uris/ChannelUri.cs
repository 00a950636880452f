using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Psyne.Flow.Uris;

namespace Psyne.Flow;

/// <summary>
/// The address of a channel: <c>scheme://name?key=value&amp;key=value</c>, such as
/// <c>memory://features?mode=mpsc&amp;capacity=4096</c>.
/// </summary>
/// <remarks>
/// The scheme and the keys are read in any case; each key stands once. Name and values may hold any character but
/// control characters, by percent escapes of UTF-8 where it is not a plain one ('+' is a plus). The name is all between
/// <c>://</c> and <c>?</c>; what it may be further, its transport says. Immutable, thread-safe.
/// </remarks>
/// <example><code>
/// var uri = ChannelUri.Parse("shm://trainer/features?mode=spsc&amp;slab=64MiB");
/// var mode = uri.GetEnum&lt;ChannelMode&gt;("mode") ?? ChannelMode.Mpmc;
/// var bytes = uri.GetBytes("slab");        // 67108864
/// uri.ThrowIfUnknown("mode", "slab");
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ChannelUri : IEquatable<ChannelUri>, IParsable<ChannelUri>
{
    /// <summary>The largest length of a URI, in characters: 2048.</summary>
    public const int MaxLength = 2048;

    private readonly SortedDictionary<string, string> _options;

    internal ChannelUri(string scheme, string name, SortedDictionary<string, string> options)
    {
        Scheme = scheme;
        Name = name;
        _options = options;
    }

    /// <summary>Gets the scheme, in lower case: "memory", "shm", "tcp".</summary>
    public string Scheme { get; }

    /// <summary>Gets the name, decoded; never empty. It may hold '/', as in "group/name".</summary>
    public string Name { get; }

    /// <summary>Gets the options: decoded values by key, found in any case.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>Reads a URI. Allocates.</summary>
    /// <param name="text">The URI, at most <see cref="MaxLength"/> characters.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ChannelUriException">The text is not a channel URI; the message names the part and what is allowed.</exception>
    public static ChannelUri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ChannelUriParser.TryParse(text, out var uri, out var error) ? uri : throw new ChannelUriException(error);
    }

    /// <summary>Reads a URI, if it is one. Allocates.</summary>
    /// <param name="text">The URI; null is none.</param>
    /// <param name="uri">The URI that was read.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ChannelUri? uri)
    {
        uri = null;
        return text is not null && ChannelUriParser.TryParse(text, out uri, out _);
    }

    static ChannelUri IParsable<ChannelUri>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ChannelUri>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ChannelUri result) =>
        TryParse(s, out result);

    /// <summary>Gets an option's text; null when it is not there.</summary>
    /// <param name="key">The option's key, in any case.</param>
    public string? GetString(string key) => _options.GetValueOrDefault(key);

    /// <summary>Gets an option that is one of the names of an enumeration, in any case; null when it is not there.</summary>
    /// <typeparam name="TEnum">The enumeration. Numbers are not taken for its names.</typeparam>
    /// <param name="key">The option's key, in any case.</param>
    /// <exception cref="ChannelUriException">The value is none of the names; the message lists them.</exception>
    public TEnum? GetEnum<TEnum>(string key)
        where TEnum : struct, Enum
    {
        if (!_options.TryGetValue(key, out var text))
        {
            return null;
        }

        foreach (var name in Enum.GetNames<TEnum>())
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return Enum.Parse<TEnum>(name);
            }
        }

        throw Wrong(key, text, $"one of {string.Join(", ", Enum.GetNames<TEnum>()).ToLowerInvariant()}");
    }

    /// <summary>Gets an option that counts slots or messages: 1 to 2^30; null when it is not there.</summary>
    /// <param name="key">The option's key, in any case.</param>
    /// <exception cref="ChannelUriException">The value is not such a number.</exception>
    public int? GetCapacity(string key = "capacity")
    {
        if (!_options.TryGetValue(key, out var text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= ChannelUriValues.MaxCapacity
            ? value
            : throw Wrong(key, text, $"a whole number from 1 to {ChannelUriValues.MaxCapacity}");
    }

    /// <summary>Gets an option that is a number of bytes: "4096", "64KiB", "1MiB"; null when it is not there.</summary>
    /// <param name="key">The option's key, in any case.</param>
    /// <exception cref="ChannelUriException">The value is not a number of bytes, or does not fit 63 bits.</exception>
    public long? GetBytes(string key)
    {
        if (!_options.TryGetValue(key, out var text))
        {
            return null;
        }

        return ChannelUriValues.TryReadBytes(text, out var bytes) && bytes >= 0
            ? bytes
            : throw Wrong(key, text, $"a whole number of bytes up to {long.MaxValue}, with a unit of {ChannelUriValues.ByteUnits} or none");
    }

    /// <summary>Gets an option that is a time: "250ms", "2s", "0", "infinite" (<see cref="Timeout.InfiniteTimeSpan"/>); null
    /// when it is not there.</summary>
    /// <param name="key">The option's key, in any case.</param>
    /// <exception cref="ChannelUriException">The value is not a time.</exception>
    public TimeSpan? GetTimeSpan(string key)
    {
        if (!_options.TryGetValue(key, out var text))
        {
            return null;
        }

        return ChannelUriValues.TryReadTime(text, out var time) && (time >= TimeSpan.Zero || time == Timeout.InfiniteTimeSpan)
            ? time
            : throw Wrong(key, text, $"a whole number with a unit of {ChannelUriValues.TimeUnits}, or infinite");
    }

    /// <summary>Gets an option that is true or false, in any case; null when it is not there.</summary>
    /// <param name="key">The option's key, in any case.</param>
    /// <exception cref="ChannelUriException">The value is neither.</exception>
    public bool? GetBool(string key)
    {
        if (!_options.TryGetValue(key, out var text))
        {
            return null;
        }

        return bool.TryParse(text, out var value) ? value : throw Wrong(key, text, "true or false");
    }

    /// <summary>Refuses options that nobody reads: a misspelt one must not be passed over.</summary>
    /// <param name="allowed">The keys that there are.</param>
    /// <exception cref="ChannelUriException">The URI has another one; the message lists those that exist.</exception>
    public void ThrowIfUnknown(params ReadOnlySpan<string> allowed)
    {
        foreach (var key in _options.Keys)
        {
            var known = false;
            foreach (var name in allowed)
            {
                known |= name.Equals(key, StringComparison.OrdinalIgnoreCase);
            }

            if (!known)
            {
                var names = allowed.IsEmpty ? "there are none" : $"there are {string.Join(", ", allowed)}";
                throw new ChannelUriException($"The option '{key}' of {Scheme}://{ChannelUriText.Show(Name)} does not exist; {names}.");
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] ChannelUri? other) =>
        other is not null && Scheme == other.Scheme && Name == other.Name && _options.Count == other._options.Count
        && _options.All(option => other._options.TryGetValue(option.Key, out var value) && value == option.Value);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as ChannelUri);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scheme, Name, _options.Count);

    /// <summary>Writes the URI so that it parses to an equal one, its options in the order of their keys.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme).Append("://");
        ChannelUriText.Encode(text, Name);
        var separator = '?';
        foreach (var (key, value) in _options)
        {
            text.Append(separator).Append(key).Append('=');
            ChannelUriText.Encode(text, value);
            separator = '&';
        }

        return text.ToString();
    }

    private static ChannelUriException Wrong(string key, string value, string allowed) =>
        new($"The option '{key}' of the channel URI must be {allowed}; it is '{ChannelUriText.Show(value)}'.");
}
