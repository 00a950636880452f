using System.Diagnostics;

namespace Psyne.Flow.Blocks;

/// <summary>How many messages a worker handles before it passes on what came of them: as many as take about ten microseconds.</summary>
internal struct BatchPace(int largest)
{
    private static readonly long Short = Stopwatch.Frequency / 100_000;

    private int _size = 1;
    private long _since;

    internal int Begin()
    {
        _since = Stopwatch.GetTimestamp();
        return _size;
    }

    internal void End(int handled)
    {
        var time = Stopwatch.GetTimestamp() - _since;
        if (time > 4 * Short)
            _size = Math.Max(1, _size / 4);
        else if (time < Short && handled >= _size)
            _size = Math.Min(largest, 2 * _size);
    }
}
