namespace Psyne.Flow.Memory;

/// <summary>The one padding constant: two 64-byte lines, since cores fetch lines in pairs.</summary>
internal static class CacheLine
{
    /// <summary>Bytes between two words that different threads write.</summary>
    internal const int Padding = 128;

    /// <summary>Bytes of one line: a message and its sequence fit in one, or start on one.</summary>
    internal const int Size = 64;

    internal static long RoundUp(long value, long unit) => checked((value + unit - 1) / unit * unit);
}
