using Psyne.Flow.Atomics;

namespace Psyne.Flow.Waiting;

/// <summary>
/// Tells an end that found its ring empty (or full) whether to leave it alone for a moment. When two cores follow each
/// other message by message every one costs a line's way there and back; after a pause dozens travel for the same price.
/// </summary>
/// <remarks>
/// It pauses when 16 messages or more went by since the last time: traffic is thick. Thin traffic is not made to wait,
/// but for a probe now and then, since two ends that keep step look like thin traffic: one after 64 messages, then after
/// twice as many each time nothing had built up, up to one in 4096.
/// </remarks>
internal struct TrafficGauge
{
    private const int Thick = 16;
    private const int FirstProbe = 64;
    private const int LastProbe = 4096;
    private const int Pauses = 64;

    private long _position;
    private long _probeAt;
    private long _interval;

    /// <summary>Pauses if that promises a batch; true when it did.</summary>
    internal bool Pause(long position)
    {
        var passed = position - _position;
        _position = position;
        if (passed >= Thick)
        {
            _interval = FirstProbe;
        }
        else
        {
            if (position < _probeAt)
            {
                HardwareAtomics.Pause(1);
                return false;
            }
            _interval = Math.Clamp(2 * _interval, FirstProbe, LastProbe);
        }
        _probeAt = position + _interval;
        HardwareAtomics.Pause(Pauses);
        return true;
    }
}
