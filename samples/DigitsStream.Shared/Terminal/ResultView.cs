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

    private static Table Stages(DigitRun run) => Make(
        "Stages",
        StageRow.Head, Enumerable.Range(0, run.Graph.Stages.Count).Select(stage => StageRow.Of(run, stage)));

    private static Table Classes(DigitJob job) => Make(
        "Digits",
        ["digit", "images", "ink", "variance", "row", "column", "taken", "right"],
        Enumerable.Range(0, NearestCentroid.Classes).Select(job.Statistics.Of).OfType<ClassFigures>().Select(figures => (IReadOnlyList<string>)[
            $"{figures.Digit}", $"{figures.Count:N0}", $"{figures.MeanInk:F4}", $"{figures.InkVariance:F5}", $"{figures.CentreRow:F2}",
            $"{figures.CentreColumn:F2}", $"{Taken(job.Learner, figures.Digit):N0}", $"{job.Learner.Confusion(figures.Digit, figures.Digit):N0}"]));

    private static long Taken(WindowLearner learner, int digit) => Enumerable.Range(0, NearestCentroid.Classes).Sum(written => learner.Confusion(written, digit));

    /// <summary>A table that fits a terminal of 80 columns; the first column is a name, the others are numbers.</summary>
    private static Table Make(string title, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(title) };
        foreach (var (column, name) in head.Index())
            table.AddColumn(new TableColumn(name)
            {
                Alignment = column == 0 ? Justify.Left : Justify.Right,
                NoWrap = true,
                Padding = new Padding(0, 0, 1, 0),
            });
        foreach (var row in rows)
            table.AddRow([.. row.Select(Spectre.Console.Markup.Escape)]);
        return table;
    }
}
