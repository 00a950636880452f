namespace Psyne.Flow.Samples.Digits;

/// <summary>The curves of a run.</summary>
internal static class RunCharts
{
    private const int MostRates = 64;

    public static LineChart Accuracy(IReadOnlyList<WindowResult> windows, string which)
    {
        var (images, tested, correct) = (0L, 0L, 0L);
        var (each, running) = (new List<(double, double)>(), new List<(double, double)>());
        foreach (var window in windows)
        {
            (images, tested, correct) = (images + window.Images, tested + window.Tested, correct + window.Correct);
            each.Add((images, 100 * window.Accuracy));
            running.Add((images, tested == 0 ? double.NaN : 100.0 * correct / tested));
        }
        return new LineChart
        {
            Meaning = $"accuracy on held-out images, {which}",
            XName = "images",
            Range = (0, 100),
            Write = static value => $"{value:0}%",
            Series = [new("each window", each), new("since the start", running)],
        };
    }

    public static LineChart Distance(IReadOnlyList<WindowResult> windows, string which)
    {
        var images = 0L;
        return new LineChart
        {
            Meaning = $"mean distance of training images to their digit's mean, {which}",
            XName = "images",
            Series = [new("mean distance", [.. windows.Select(window => ((double)(images += window.Images), window.MeanDistance))])],
        };
    }

    public static LineChart Rate(RunSampler sampler)
    {
        var samples = sampler.Samples;
        var stride = Math.Max(1, (samples.Count - 1) / MostRates);
        var points = new List<(double, double)>();
        for (var i = stride; i < samples.Count; i += stride)
        {
            var (before, after) = (samples[i - stride], samples[i]);
            if (after.Seconds > before.Seconds)
                points.Add((after.Seconds, (after.Images - before.Images) / (after.Seconds - before.Seconds)));
        }
        return new LineChart { Meaning = "images a second over time", XName = "seconds", Series = [new("images/s", points)] };
    }
}
