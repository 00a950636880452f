using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>What happened in a channel up to a moment. Figures are read one after another while others go on.</summary>
/// <param name="Id">The channel's number in this process.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mode">How many producers and consumers it has.</param>
/// <param name="Message">What its messages are.</param>
/// <param name="Capacity">Messages it holds; with lanes, that each of them holds.</param>
/// <param name="Count">Messages that wait.</param>
/// <param name="Published">Messages published since it was made.</param>
/// <param name="Producers">Open write ends.</param>
/// <param name="Consumers">Open read ends.</param>
/// <param name="HeldLeases">Messages that are leased.</param>
/// <param name="OpenClaims">Slots that are claimed.</param>
/// <param name="Drops">Messages that its policy dropped.</param>
/// <param name="ProducerWaits">How often a producer had to wait for room (approximate).</param>
/// <param name="ConsumerWaits">How often a consumer had to wait for a message (approximate).</param>
/// <param name="Misuses">Uses of leases and claims that had ended.</param>
/// <param name="SlabBytes">Bytes reserved.</param>
/// <param name="IsClosed">Whether it is completed or disposed.</param>
/// <param name="Latency">From publish to take of the sampled messages, in nanoseconds; null when none are sampled.</param>
public sealed record ChannelStatistics(
    long Id, string Name, ChannelMode Mode, string Message, int Capacity, long Count, long Published, int Producers, int Consumers,
    long HeldLeases, int OpenClaims, long Drops, long ProducerWaits, long ConsumerWaits, long Misuses, long SlabBytes, bool IsClosed,
    LatencySnapshot? Latency)
{
    internal static ChannelStatistics Of(ChannelCore channel) => new(
        channel.Id, channel.Name, channel.Mode, channel.Message, channel.Layout.Capacity, channel.Count, channel.Published,
        channel.Producers, channel.Consumers, channel.HeldLeases, channel.OpenClaims, channel.Drops,
        channel.SpaceWaits, channel.Items.Waits, channel.Misuses, channel.Slab.Length, channel.IsClosed,
        channel.Sampler?.Histogram.Snapshot()) { Lanes = channel.Layout.Lanes };

    /// <summary>Rings, one for each producer; 0 where all share one.</summary>
    public int Lanes { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Mode} of {Message}, {Count} of {Capacity}{(Lanes > 0 ? $" x {Lanes}" : "")} waiting, {Published} published, {HeldLeases} leased, {Drops} dropped";
}
