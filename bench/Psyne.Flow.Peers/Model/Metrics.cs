namespace Psyne.Flow.Peers.Model;

/// <summary>
/// The names of the metrics, once. Hand-off rate, touched bytes and the machine's bandwidth are three different
/// figures: they have three names, and no case reports two of them.
/// </summary>
internal static class Metrics
{
    /// <summary>Messages handed over a second.</summary>
    public const string Rate = "rate";

    /// <summary>Payload bytes a second that the producer wrote and the consumer read; each byte counts once.</summary>
    public const string Touched = "touched";

    /// <summary>What one core moves without any messaging.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>One-way latency percentiles.</summary>
    public const string P50 = "p50", P99 = "p99", P999 = "p99.9", Max = "max";

    /// <summary>Managed bytes allocated a message, by all threads of the process.</summary>
    public const string Allocated = "allocated";

    /// <summary>Processor time a message, user and system, of all threads.</summary>
    public const string Cpu = "cpu";

    /// <summary>Garbage collections in a round, all generations.</summary>
    public const string Collections = "collections";
}
