using System.Globalization;

namespace Psyne.Flow.Peers.Work;

/// <summary>What a throughput case moves: all that a subject needs to know to set itself up.</summary>
/// <param name="Bytes">Payload bytes a message.</param>
/// <param name="Threads">Producers and competing consumers.</param>
/// <param name="Batch">The case allows batch calls; a subject without any works as it always does.</param>
/// <param name="Touch">Every byte is written and read, instead of first and last word.</param>
internal sealed record Shape(int Bytes, Topology Threads, bool Batch, bool Touch)
{
    private const int SlotsOfSmall = 4096;
    private const int BytesInFlight = 16 << 20;

    /// <summary>Messages up to 64 B travel by value, larger ones as arrays (or slots, for Psyne and the C ring).</summary>
    public bool IsSmall => Bytes <= 64;

    /// <summary>The bound of every bounded subject: 4096 small messages, or 16 MiB of large ones.</summary>
    public int Capacity => IsSmall ? SlotsOfSmall : Math.Max(2, BytesInFlight / Bytes);

    /// <summary>Messages that one call of a subject's Write moves: enough to make the call's own cost vanish.</summary>
    public int Chunk => Math.Clamp((1 << 20) / Bytes, 4, 4096);

    /// <summary>Messages a batch call moves at most.</summary>
    public int BatchSize => Math.Clamp(Capacity / 4, 1, 64);

    public static string SizeName(int bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes}B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}MiB"),
    };
}
