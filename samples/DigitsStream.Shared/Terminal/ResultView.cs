using Spectre.Console;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Writes what a run found, and what its stages did.</summary>
internal static class ResultView
{
    public static void Write(IAnsiConsole screen, DigitRun run)
    {
        var learner = run.Job.Learner;
        var warm = run.WarmRate is { } rate ? $" ({rate:N0} after the first quarter)" : "";
        screen.WriteLine($"""

            accuracy     {Accuracy(learner)}
            images       {run.Images:N0} in {run.Job.Options.Epochs:N0} epochs and {run.Seconds:F2} s
            rate         {run.Rate:N0} images/s{warm}
            """);
        screen.WriteLine();
        screen.Write(Stages(run));
        screen.Write(Classes(run.Job));
    }

    /// <summary>The share that was right; in words where nothing was tested.</summary>
    public static string Accuracy(WindowLearner learner) => learner.Tested == 0
        ? "unknown: the held-out last quarter has no image that could be read"
        : $"{100 * learner.Accuracy:F1}% on the held-out last quarter ({learner.Correct:N0} of {learner.Tested:N0})";

    private static Table Stages(DigitRun run)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle("Stages") };
        table.AddColumn("stage");
        foreach (var name in (string[])["messages", "messages/s", "waiting, mean", "most", "waits", "allocated B", "B/message"])
            table.AddColumn(new TableColumn(name).RightAligned());
        for (var i = 0; i < run.Graph.Stages.Count; i++)
        {
            var (stage, counts) = (run.Graph.Stages[i], run.Sampler.Last.Stages[i]);
            table.AddRow(
                Markup.Escape(stage.Name), $"{counts.Messages:N0}", $"{run.RateOf(i):N0}", $"{run.Sampler.MeanWaiting(i):N0}", $"{run.Sampler.MostWaiting(i):N0}",
                Count(counts.Waits), Count(counts.AllocatedBytes), run.AllocatedPerMessage(i) is { } bytes ? $"{bytes:F3}" : "-");
        }
        return table;
    }

    private static Table Classes(DigitJob job)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle("Digits") };
        foreach (var name in (string[])["digit", "images", "mean ink", "variance", "centre row", "column", "taken for it", "and right"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var figures in Enumerable.Range(0, NearestCentroid.Classes).Select(job.Statistics.Of).OfType<ClassFigures>())
        {
            var taken = Enumerable.Range(0, NearestCentroid.Classes).Sum(digit => job.Learner.Confusion(digit, figures.Digit));
            table.AddRow(
                $"{figures.Digit}", $"{figures.Count:N0}", $"{figures.MeanInk:F4}", $"{figures.InkVariance:F5}", $"{figures.CentreRow:F2}",
                $"{figures.CentreColumn:F2}", $"{taken:N0}", $"{job.Learner.Confusion(figures.Digit, figures.Digit):N0}");
        }
        return table;
    }

    private static string Count(long count) => count < 0 ? "-" : $"{count:N0}";
}
