using System.Diagnostics;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Looks at all stages every few milliseconds while a graph runs.</summary>
/// <remarks>The rest may be asked when <see cref="RunAsync"/> has ended.</remarks>
/// <param name="stages">The stages.</param>
/// <param name="images">How many images came to their end.</param>
/// <param name="warmAt">As many images later the code is compiled and the queues are full.</param>
public sealed class RunSampler(IReadOnlyList<Stage> stages, Func<long> images, long warmAt)
{
    /// <summary>The most samples that are kept; when there are so many every second goes, and the next come half as often.</summary>
    public const int MostSamples = 512;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly List<RunSample> _samples = [];
    private readonly long[] _mostWaiting = new long[stages.Count];
    private readonly double[] _sumOfWaiting = new double[stages.Count];
    private readonly Stopwatch _time = new();
    private long _looks;

    /// <summary>The samples that were kept, oldest first: the start, the end, and what comes between.</summary>
    public IReadOnlyList<RunSample> Samples => _samples;

    /// <summary>The first sample after <c>warmAt</c> images; null for a run too short to have one.</summary>
    public RunSample? Warm { get; private set; }

    public RunSample Last => _samples[^1];

    /// <summary>The most messages that were seen to wait in a stage.</summary>
    public long MostWaiting(int stage) => _mostWaiting[stage];

    /// <summary>The mean of the messages that were seen to wait in a stage.</summary>
    public double MeanWaiting(int stage) => _sumOfWaiting[stage] / _looks;

    /// <summary>Looks until a task has ended, whichever way, and once more. On a thread of its own: those of the pool are the blocks'.</summary>
    public Task RunAsync(Task run) => Task.Factory.StartNew(() => Run(run), TaskCreationOptions.LongRunning);

    private void Run(Task run)
    {
        _time.Start();
        _samples.Add(Look());
        var stride = 1;
        for (var tick = 1; Task.WaitAny([run], Interval) < 0; tick++)
        {
            var sample = Look();
            if (sample.Images >= warmAt)
                Warm ??= sample;
            if (tick % stride != 0)
                continue;
            _samples.Add(sample);
            if (_samples.Count < MostSamples)
                continue;
            for (var i = 0; i < MostSamples / 2; i++)
                _samples[i] = _samples[2 * i];
            _samples.RemoveRange(MostSamples / 2, MostSamples / 2);
            stride *= 2;
        }
        _time.Stop();
        _samples.Add(Look());
    }

    private RunSample Look()
    {
        var counts = stages.Select(stage => stage.Read()).ToArray();
        for (var i = 0; i < counts.Length; i++)
        {
            _mostWaiting[i] = Math.Max(_mostWaiting[i], counts[i].Waiting);
            _sumOfWaiting[i] += counts[i].Waiting;
        }
        _looks++;
        return new RunSample(_time.Elapsed.TotalSeconds, images(), counts);
    }
}
