using System.Runtime.InteropServices;
using System.Xml.Linq;
using static Psyne.Flow.Samples.Digits.Markup;

namespace Psyne.Flow.Samples.Digits;

/// <summary>A run as one HTML page: no scripts, nothing that is loaded from elsewhere.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    public static string Write(DigitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var title = $"Digits through {run.Graph.Stages.Count} stages, in {run.Form}";
        var page = Tag("html", At("lang", "en"),
            Tag("head",
                Tag("meta", At("charset", "utf-8")),
                Tag("meta", At("name", "viewport"), At("content", "width=device-width, initial-scale=1")),
                Tag("title", title),
                Tag("style", ReportStyle.Css)),
            Tag("body",
                Tag("h1", title),
                Tag("p", Class("lead"), Introduction(run)),
                Figures(run),
                Skipped(run.Job),
                Section("pipeline", "The pipeline", "As it was linked. Beside each name: the messages that came in.", PipelineDrawing.Draw(run)),
                Section("learning", "The classifier over windows", Learning(run.Job), Curves(run.Job)),
                Section("centroids", "The ten centroids", "The mean of the images that each digit was trained on; an image is taken for the digit whose mean is nearest.", Centroids(run.Job.Learner.Classifier)),
                Section("confusion", "What was taken for what", "Held-out images: a row for the digit that was written, a column for what it was taken for.", Tag("div", Class("scroll"), ConfusionMatrix.Draw(run.Job.Learner))),
                Section("digits", "The digits", "Statistics of all images, summed up by batch. Ink goes from 0, blank, to 1; rows and columns from 0 to 7. The pictures show each pixel's variance.", Classes(run.Job), Variances(run.Job)),
                Section("rate", "Rate over time", "Images that came to their end, a second. The first moments are the runtime's, which compiles the code.", Tag("div", Class("pair"), RunCharts.Rate(run.Sampler).Draw())),
                Section("occupancy", "Messages that wait", "In each stage over time, all to the same scale. The stage that is slowest has full ones before it and empty ones behind it.", StageStrips.Draw(run)),
                Section("stages", "The stages", "Messages: that came in. Waiting, most: the mean and the most of those that were seen to wait in the stage. Waits: how often those before it were told to wait for room. Bytes: managed memory that its work allocated; B/msg: for each message after the first quarter of the run. A dash: nobody counts it.", Stages(run))));
        return $"<!DOCTYPE html>\n{page}\n";
    }

    private static string Introduction(DigitRun run)
    {
        var options = run.Job.Options;
        return $"{run.Job.File.Lines:N0} lines of {Path.GetFileName(run.Job.File.Path)}, {options.Epochs:N0} times; at most {options.Capacity:N0} messages wait in a stage, a window has {options.Window:N0} images. " +
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores.";
    }

    private static XElement Figures(DigitRun run)
    {
        static XElement Figure(string figure, string meaning) => Tag("div", Tag("strong", figure), Tag("span", meaning));
        var learner = run.Job.Learner;
        return Tag("div", Class("figures"),
            Figure(learner.Tested == 0 ? "-" : $"{100 * learner.Accuracy:F1}%", $"of the held-out last quarter are right ({learner.Correct:N0} of {learner.Tested:N0})"),
            Figure($"{run.Images:N0}", $"images in {run.Seconds:F2} s"),
            Figure($"{run.Rate:N0}", run.WarmRate is { } warm ? $"images/s ({warm:N0} after the first quarter)" : "images/s"));
    }

    private static XElement? Skipped(DigitJob job)
    {
        if (job.BadLines.Count == 0 && job.File.Truncation is null)
            return null;
        var more = job.BadLines.Count - BadLines.MostTold;
        return Section("skipped", "What was left out", $"{job.BadLines.Count:N0} of {job.File.Lines:N0} lines can't be read.",
            job.File.Truncation is { } truncation ? Tag("p", truncation.Message) : null,
            Tag("ul", job.BadLines.Told().Select(line => Tag("li", line)), more > 0 ? Tag("li", $"and {more:N0} more") : null));
    }

    private static string Learning(DigitJob job) =>
        "Each window trains the means on the first three quarters of the file, and tests them on the last. " +
        (job.Curves.WindowsPerPoint == 1 ? "" : $"In the curves of the whole run a point stands for {job.Curves.WindowsPerPoint:N0} windows.");

    private static XElement Curves(DigitJob job)
    {
        static XElement Figure(string caption, LineChart chart) => Tag("figure", Tag("figcaption", caption), chart.Draw());
        var curves = job.Curves;
        return Tag("div", Class("pair"),
            Figure("Accuracy, the first windows", RunCharts.Accuracy(curves.First, "the first windows")),
            Figure("Distance to the own mean, the first windows", RunCharts.Distance(curves.First, "the first windows")),
            Figure("Accuracy, the whole run", RunCharts.Accuracy(curves.Points, "the whole run")),
            Figure("Distance to the own mean, the whole run", RunCharts.Distance(curves.Points, "the whole run")));
    }

    private static XElement Centroids(NearestCentroid classifier) => Tag("div", Class("digits"),
        Enumerable.Range(0, NearestCentroid.Classes).Select(digit => Tag("figure",
            DigitImages.Draw(DigitImages.Values(classifier.Mean(digit)), 1, $"the mean of digit {digit}", "mean"),
            Tag("figcaption", $"{digit}: {classifier.Count(digit):N0}"))));

    private static IEnumerable<ClassFigures> Known(DigitJob job) =>
        Enumerable.Range(0, NearestCentroid.Classes).Select(job.Statistics.Of).OfType<ClassFigures>();

    private static XElement Classes(DigitJob job) => Tag("div", Class("scroll"), Table(
        ["digit", "images", "mean ink", "variance", "centre row", "centre column"],
        Known(job).Select(figures => (IEnumerable<object>)[
            $"{figures.Digit}", $"{figures.Count:N0}", $"{figures.MeanInk:F4}", $"{figures.InkVariance:F5}", $"{figures.CentreRow:F2}", $"{figures.CentreColumn:F2}"])));

    private static XElement Variances(DigitJob job)
    {
        var most = Known(job).Max(figures => figures.PixelVariances.Max());
        return Tag("div", Class("digits"), At("style", "margin-top: 1rem"), Known(job).Select(figures => Tag("figure",
            DigitImages.Draw(figures.PixelVariances, most, $"the variance of digit {figures.Digit}", "spread"),
            Tag("figcaption", $"{figures.Digit}"))));
    }

    private static XElement Stages(DigitRun run) => Tag("div", Class("scroll"), Table(
        StageRow.Head, run.Graph.Stages.Select((_, i) => (IEnumerable<object>)StageRow.Of(run, i))));

    private static XElement Section(string id, string title, string text, params object?[] content) =>
        Tag("section", At("id", id), Tag("h2", title), Tag("p", text), content);
}
