#pragma warning disable RS0030 // counters
using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>
/// Counts leases and claims that can never end: those of channels that were collected as garbage with messages still
/// held. As long as a lease exists, its channel does, too; so what is held then was dropped without being disposed.
/// </summary>
/// <remarks>Thread-safe. Takes note when the garbage collector does.</remarks>
public static class LeakDetector
{
    private static long s_leases;
    private static long s_claims;

    /// <summary>Told of each channel that was collected with leases or claims held. Called by the finalizer thread; must not throw or block.</summary>
    public static event Action<LeakReport>? Leaked;

    /// <summary>Leases that were dropped without being disposed, so far.</summary>
    public static long LeakedLeases => Volatile.Read(ref s_leases);

    /// <summary>Claims that were dropped without being published or disposed, so far.</summary>
    public static long LeakedClaims => Volatile.Read(ref s_claims);

    internal static void Report(ChannelCore channel, long leases, int claims)
    {
        Interlocked.Add(ref s_leases, leases);
        Interlocked.Add(ref s_claims, claims);
        FlowEventSource.Log.Leaked(channel.Name, leases, claims);
        Leaked?.Invoke(new LeakReport(channel.Name, leases, claims, channel.Tracker?.Held() ?? []));
    }
}
