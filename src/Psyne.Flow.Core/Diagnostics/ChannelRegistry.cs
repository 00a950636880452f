using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>The live channels of the process. A channel that is forgotten undisposed drops out when it is collected.</summary>
/// <remarks>Thread-safe.</remarks>
public static class ChannelRegistry
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<long, WeakReference<ChannelCore>> s_channels = [];
    private static int s_sweepAt = 64;

    internal static void Add(ChannelCore channel)
    {
        lock (s_lock)
        {
            if (s_channels.Count >= s_sweepAt)
            {
                foreach (var (id, reference) in s_channels)
                    if (!reference.TryGetTarget(out _))
                        s_channels.Remove(id);
                s_sweepAt = Math.Max(64, s_channels.Count * 2);
            }
            s_channels.Add(channel.Id, new WeakReference<ChannelCore>(channel));
        }
    }

    internal static void Remove(ChannelCore channel)
    {
        lock (s_lock)
            s_channels.Remove(channel.Id);
    }

    internal static List<ChannelCore> Live()
    {
        var live = new List<ChannelCore>();
        lock (s_lock)
            foreach (var reference in s_channels.Values)
                if (reference.TryGetTarget(out var channel))
                    live.Add(channel);
        return live;
    }

    /// <summary>What every live channel is doing. Allocates a list; takes a lock that making and disposing channels share.</summary>
    public static IReadOnlyList<ChannelStatistics> List()
    {
        var channels = Live();
        channels.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return channels.ConvertAll(ChannelStatistics.Of);
    }
}
