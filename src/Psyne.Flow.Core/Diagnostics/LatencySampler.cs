using System.Diagnostics;
using System.Numerics;
using Psyne.Flow.Atomics;
using Psyne.Flow.Channels;

namespace Psyne.Flow.Diagnostics;

/// <summary>Times one in so many messages from publish to take. Messages carry nothing: the producer notes the sampled positions here.</summary>
internal sealed class LatencySampler
{
    private const int Notes = 64;

    private readonly ChannelCore _channel;
    private readonly long _mask;
    private readonly int _shift;
    private readonly long[] _positions = new long[Notes];
    private readonly long[] _times = new long[Notes];

    private LatencySampler(ChannelCore channel)
    {
        _channel = channel;
        var rounded = BitOperations.RoundUpToPowerOf2((uint)channel.Options.LatencySampling);
        _mask = rounded - 1;
        _shift = BitOperations.Log2(rounded);
    }

    internal LatencyHistogram Histogram { get; } = new();

    internal static LatencySampler? Create(ChannelCore channel) =>
        channel.Options.LatencySampling == 0 ? null : new LatencySampler(channel);

    internal void OnPublished(long position, long timestamp)
    {
        if (position < 0 || (position & _mask) != 0)
            return;
        // A note that is overwritten before its message is taken is one sample less.
        var note = (int)(position >> _shift & (Notes - 1));
        HardwareAtomics.StoreRelease(ref _positions[note], 0);
        HardwareAtomics.StoreRelease(ref _times[note], timestamp);
        HardwareAtomics.StoreRelease(ref _positions[note], position + 1);
    }

    internal void OnTaken(long position)
    {
        if ((position & _mask) != 0)
            return;
        var note = (int)(position >> _shift & (Notes - 1));
        if (HardwareAtomics.LoadAcquire(ref _positions[note]) != position + 1)
            return;
        var published = HardwareAtomics.LoadAcquire(ref _times[note]);
        if (HardwareAtomics.CompareExchange(ref _positions[note], 0, position + 1) != position + 1)
            return;
        var transit = Stopwatch.GetElapsedTime(published);
        Histogram.Record(Math.Max(1, (long)transit.TotalNanoseconds));
        ChannelActivities.OnTaken(_channel, position, transit);
    }
}
