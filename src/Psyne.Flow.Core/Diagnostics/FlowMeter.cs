using System.Diagnostics;
using System.Diagnostics.Metrics;
using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>
/// The meter "Psyne.Flow". The figures are the channels' own counters, read when somebody
/// collects: nothing is counted for the meter's sake.
/// </summary>
internal static class FlowMeter
{
    internal const string Name = "Psyne.Flow";

    private static readonly Meter s_meter = new(Name);

    static FlowMeter()
    {
        s_meter.CreateObservableGauge("psyne.flow.channel.count", () => Each(static channel => channel.Count), "{message}", "Messages that wait.");
        s_meter.CreateObservableGauge("psyne.flow.channel.capacity", () => Each(static channel => channel.Layout.TotalCapacity), "{message}", "Messages the channel holds.");
        s_meter.CreateObservableCounter("psyne.flow.channel.published", () => Each(static channel => channel.Published), "{message}", "Messages published.");
        s_meter.CreateObservableGauge("psyne.flow.channel.leases", () => Each(static channel => channel.HeldLeases), "{lease}", "Messages that are leased.");
        s_meter.CreateObservableGauge("psyne.flow.channel.claims", () => Each(static channel => channel.OpenClaims), "{claim}", "Slots that are claimed.");
        s_meter.CreateObservableCounter("psyne.flow.channel.drops", () => Each(static channel => channel.Drops), "{message}", "Messages dropped.");
        s_meter.CreateObservableCounter("psyne.flow.channel.producer_waits", () => Each(static channel => channel.SpaceWaits), "{wait}", "Waits for room.");
        s_meter.CreateObservableCounter("psyne.flow.channel.consumer_waits", () => Each(static channel => channel.Items.Waits), "{wait}", "Waits for a message.");
        s_meter.CreateObservableCounter("psyne.flow.channel.misuses", () => Each(static channel => channel.Misuses), "{error}", "Uses of leases and claims that had ended.");
        s_meter.CreateObservableGauge("psyne.flow.slab.bytes", () => Each(static channel => channel.Slab.Length), "By", "Bytes reserved.");
    }

    /// <summary>Makes the instruments exist before somebody listens; called when the first channel is made.</summary>
    internal static void EnsureStarted() => _ = s_meter;

    private static IEnumerable<Measurement<long>> Each(Func<ChannelCore, long> figure)
    {
        foreach (var channel in ChannelRegistry.Live())
            yield return new Measurement<long>(figure(channel),
                new KeyValuePair<string, object?>("channel", channel.Name), new KeyValuePair<string, object?>("mode", channel.Mode.ToString()));
    }
}
