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
        for (var column = 0; column < StageRow.Head.Count; column++)
            table.AddColumn(new TableColumn(StageRow.Head[column]) { Alignment = column == 0 ? Justify.Left : Justify.Right });
        for (var stage = 0; stage < run.Graph.Stages.Count; stage++)
            table.AddRow([.. StageRow.Of(run, stage).Select(Spectre.Console.Markup.Escape)]);
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
}
