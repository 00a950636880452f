using System.Diagnostics;
using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>The way of a message through a channel, as an activity: started when it was published, ended when it was taken.</summary>
internal static class ChannelActivities
{
    internal const string Transit = "psyne.channel.transit";

    private static readonly ActivitySource s_source = new(FlowMeter.Name);

    /// <summary>Tells of a message that was taken just now. Costs a look at a list while nobody listens, and allocates then nothing.</summary>
    /// <param name="channel">Where it was.</param>
    /// <param name="position">Its place in the channel.</param>
    /// <param name="transit">How long ago it was published.</param>
    internal static void OnTaken(ChannelCore channel, long position, TimeSpan transit)
    {
        if (s_source.HasListeners())
            Tell(channel, position, transit);
    }

    private static void Tell(ChannelCore channel, long position, TimeSpan transit)
    {
        var current = Activity.Current;
        try
        {
#pragma warning disable RS0030 // what collects activities wants the wall clock; how long they took was measured by the monotonic one
            var taken = DateTimeOffset.UtcNow;
#pragma warning restore RS0030
            using var activity = s_source.StartActivity(Transit, ActivityKind.Consumer, default(ActivityContext), Tags(channel, position), null, taken - transit);
            activity?.SetEndTime(taken.UtcDateTime);
        }
        catch (Exception error) // a listener's: the message was taken, and its lease must reach the consumer
        {
            Activity.Current = current;
            FlowEventSource.Log.ListenerFailed(channel.Name, error.Message);
        }
    }

    private static KeyValuePair<string, object?>[] Tags(ChannelCore channel, long position) =>
        [new("psyne.channel", channel.Name), new("psyne.mode", channel.Mode.ToString()), new("psyne.position", position)];
}
