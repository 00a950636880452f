using System.Text;
using Psyne.Flow.Samples.Digits;

namespace Psyne.Flow.Samples.Tests;

public sealed class LearningTests
{
    private static readonly DigitFeatures[] All = [.. DataFile.Lines.Select((line, i) => Measure(line, i + 1, isHeldOut: i >= 1797 * 3 / 4))];

    [Fact]
    public void NearestCentroid_OnTheDigits_IsWhatPlainSumsGive()
    {
        var classifier = new NearestCentroid();
        var training = All.Where(features => !features.IsHeldOut).ToList();
        training.ForEach(features => classifier.Train(in features));
        var means = Enumerable.Range(0, 10).Select(digit => Mean(training.Where(features => features.Label == digit))).ToList();

        var held = All.Where(features => features.IsHeldOut).ToList();
        var plain = held.Select(features => means.Index().MinBy(mean => Distance(features, mean.Item)).Index).ToList();

        Assert.Equal(plain, held.Select(features => classifier.Classify(in features)));
        Assert.Equal((391, 450), (held.Zip(plain).Count(pair => pair.First.Label == pair.Second), held.Count));
        Assert.Equal(training.Count, Enumerable.Range(0, 10).Sum(classifier.Count));
    }

    [Fact]
    public void NearestCentroid_Untrained_KnowsNothing()
    {
        var classifier = new NearestCentroid();

        Assert.Equal(-1, classifier.Classify(in All[0]));
        Assert.Equal(float.NaN, classifier.Distance(in All[0], 3));
    }

    [Fact]
    public void WindowLearner_OnTheDigits_TrainsAndTestsEachOnce()
    {
        using var channel = SlabChannel.CreateSpsc<DigitFeatures>(new SlabChannelOptions { Capacity = 2048 });
        foreach (ref readonly var features in All.AsSpan())
            channel.Writer.Publish(in features);
        var learner = new WindowLearner();
        var windows = new List<WindowResult>();
        for (var leases = Take(channel.Reader, 64); leases.Count > 0; leases = Take(channel.Reader, 64))
        {
            windows.Add(learner.Learn(leases));
            leases.ForEach(lease => lease.Dispose());
        }

        Assert.Equal((1797L, 1347L, 450L, 391L), (learner.Handled, learner.Trained, learner.Tested, learner.Correct));
        Assert.Equal(Enumerable.Range(0, 29), windows.Select(window => (int)window.Number));
        Assert.Equal((1347, 450, 391), (windows.Sum(window => window.Trained), windows.Sum(window => window.Tested), windows.Sum(window => window.Correct)));
        Assert.Equal(391, Enumerable.Range(0, 10).Sum(digit => learner.Confusion(digit, digit)));
        Assert.Equal(0, windows[0].Measured); // nothing was trained before it
        var before = All[..64].GroupBy(features => features.Label).ToDictionary(images => images.Key, Mean);
        var distances = All[64..128].Where(features => before.ContainsKey(features.Label)).Select(features => Math.Sqrt(Distance(features, before[features.Label]))).ToList();
        Assert.Equal((64, distances.Count), (windows[1].Images, windows[1].Measured));
        Assert.Equal(distances.Average(), windows[1].MeanDistance, 4);
    }

    private static List<Lease<DigitFeatures>> Take(SlabReader<DigitFeatures> reader, int most)
    {
        var leases = new List<Lease<DigitFeatures>>();
        while (leases.Count < most && reader.TryTake(out var lease))
            leases.Add(lease);
        return leases;
    }

    [Fact]
    public void ClassStatistics_OfTheDigits_AreWhatTheDefinitionsGive()
    {
        var statistics = new ClassStatistics();
        foreach (ref readonly var features in All.AsSpan())
            statistics.Add(in features);

        for (var digit = 0; digit < 10; digit++)
        {
            var images = All.Where(features => features.Label == digit).ToList();
            var ink = images.Select(features => Values(features).Average()).ToList();
            var figures = statistics.Of(digit)!;
            Assert.Equal((digit, images.Count), (figures.Digit, figures.Count));
            Assert.Equal(ink.Average(), figures.MeanInk, 5);
            Assert.Equal(Variance(ink), figures.InkVariance, 6);
            for (var pixel = 0; pixel < 64; pixel++)
            {
                var values = images.Select(features => Values(features)[pixel]).ToList();
                Assert.Equal(values.Average(), figures.PixelMeans[pixel], 5);
                Assert.Equal(Variance(values), figures.PixelVariances[pixel], 5);
            }
        }
        Assert.Equal(1797, statistics.Count);
    }

    [Fact]
    public void ClassStatistics_OfADigitThatNeverCame_AreNone() => Assert.Null(new ClassStatistics().Of(4));

    [Fact]
    public void Measure_OneDot_LiesWhereItIs()
    {
        var image = new DigitImage();
        ((Span<float>)image.Pixels)[2 * 8 + 5] = 1;
        var features = new DigitFeatures();
        DigitFeatures.Measure(in image, ref features);

        Assert.Equal((2f, 5f, 1f / 64), (features.CentreRow, features.CentreColumn, features.Ink));
    }

    [Fact]
    public void Measure_Blank_LiesInTheMiddle()
    {
        var image = new DigitImage();
        var features = new DigitFeatures();
        DigitFeatures.Measure(in image, ref features);

        Assert.Equal((3.5f, 3.5f, 0f), (features.CentreRow, features.CentreColumn, features.Ink));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    public void WindowCurves_OfAnyLength_AreBoundedAndLoseNothing(int windows)
    {
        var curves = new WindowCurves();
        for (var i = 0; i < windows; i++)
            curves.Add(new WindowResult(i, 1, 2, i % 3, i, 1));

        Assert.InRange(curves.Points.Count, Math.Min(windows, WindowCurves.MostPoints / 2), WindowCurves.MostPoints);
        Assert.Equal(Enumerable.Range(0, Math.Min(windows, WindowCurves.MostFirst)), curves.First.Select(window => (int)window.Number));
        var sum = curves.Points.Aggregate((first, second) => first + second);
        Assert.Equal((windows, 2 * windows, Enumerable.Range(0, windows).Sum(i => i % 3)), (sum.Trained, sum.Tested, sum.Correct));
        Assert.Equal(curves.Points.Select((_, i) => i * curves.WindowsPerPoint), curves.Points.Select(point => point.Number));
    }

    [Fact]
    public void BadLines_Many_TellsTheFirstOfTheFileAndCountsAllOnce()
    {
        var bad = new BadLines();
        foreach (var line in Enumerable.Range(1, 100).Reverse().Concat([7, 8, 9]))
            bad.Add(new LineFormatException(line, 0, "is wrong."));

        Assert.Equal(100, bad.Count);
        Assert.Equal(Enumerable.Range(1, BadLines.MostTold).Select(line => $"line {line}: is wrong."), bad.Told());
        Assert.True(bad.Contains(100));
        Assert.False(bad.Contains(101));
    }

    private static DigitFeatures Measure(string text, int number, bool isHeldOut)
    {
        var line = new DigitLine();
        var image = new DigitImage();
        var features = new DigitFeatures();
        line.Fill(Encoding.UTF8.GetBytes(text), number, isHeldOut);
        LineParser.Parse(in line, ref image);
        DigitImage.Scale(ref image);
        DigitFeatures.Measure(in image, ref features);
        return features;
    }

    private static double[] Values(DigitFeatures features) => [.. DataFile.Lines[features.Line - 1].Split(',')[..64].Select(pixel => int.Parse(pixel) / 16.0)];

    private static double[] Mean(IEnumerable<DigitFeatures> images)
    {
        var all = images.Select(Values).ToList();
        return [.. Enumerable.Range(0, 64).Select(pixel => all.Average(values => values[pixel]))];
    }

    private static double Distance(DigitFeatures features, double[] mean) => Values(features).Zip(mean, (a, b) => (a - b) * (a - b)).Sum();

    private static double Variance(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }
}
