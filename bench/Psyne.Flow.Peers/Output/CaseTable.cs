using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Output;

/// <summary>One case as an aligned table, with its goals below.</summary>
internal static class CaseTable
{
    public static void Write(TextWriter to, CaseResult result)
    {
        var work = result.Case;
        to.WriteLine();
        to.WriteLine($"{work.Name}   {Figure.UnitOf(work.Primary)}, {(work.HigherIsBetter ? "more" : "less")} is better; {work.Explanation}");
        var rows = new List<string[]> { Head(work) };
        rows.AddRange(result.Subjects.Where(subject => subject.Spec.Absent is null).Select(subject => Row(result, subject)));
        var widths = Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = widths.Select((width, column) => column == 0 ? row[0].PadRight(width) : row[column].PadLeft(width));
            to.WriteLine(("  " + string.Join("  ", cells) + "  " + row[^1]).TrimEnd());
        }

        foreach (var subject in result.Subjects)
        {
            if (subject.Spec.Absent is { } absent)
            {
                to.WriteLine($"  {subject.Spec.Name}: absent, {absent}");
            }
            else if (subject.Failure is { } failure)
            {
                to.WriteLine($"  {subject.Spec.Name}: NOT VERIFIED, {failure}");
            }
        }

        foreach (var goal in work.Goals)
        {
            to.WriteLine("  " + GoalLine(result, goal));
            if (goal.Remark is { } remark && goal.Judge(result) is { Met: false })
            {
                to.WriteLine($"    why: {remark.Why}");
                to.WriteLine($"    tried: {remark.Tried}");
            }
        }
    }

    private static string GoalLine(CaseResult result, Goal goal) => goal.Judge(result) switch
    {
        null => $"goal {goal.Text}: open, {(result.Psyne is null ? "psyne isn't here yet" : "what it is compared with isn't here")}",
        (var reached, true) => $"goal {goal.Text}: {Figure.Short(Scaled(goal, reached))}, met",
        (var reached, false) => $"goal {goal.Text}: {Figure.Short(Scaled(goal, reached))}, short",
    };

    private static double Scaled(Goal goal, double reached) =>
        goal.Text.EndsWith("M/s", StringComparison.Ordinal) ? reached / 1e6 : reached;

    private static string[] Head(Case work) => work.Primary switch
    {
        Metrics.P50 => ["subject", "p50", "least", "most", "p99", "p99.9", "max", "of best peer", "of limit", "B/msg", "CPU ns/msg", "GCs", ""],
        Metrics.Bandwidth => ["subject", "median", "least", "most", ""],
        _ => ["subject", "median", "least", "most", "of best peer", "of limit", "B/msg", "CPU ns/msg", "GCs", "drops", ""],
    };

    private static string[] Row(CaseResult result, SubjectResult subject)
    {
        var primary = result.Case.Primary;
        string[] figures = [subject.Spec.Name, Figure.Of(primary, subject.Median(primary)), Figure.Of(primary, subject.Least(primary)), Figure.Of(primary, subject.Most(primary))];
        string[] ratios = [Figure.Ratio(Of(result.BestPeer())), Figure.Ratio(Of(result.Limit))];
        string[] costs = [Figure.Short(subject.Median(Metrics.Allocated)), Figure.Short(subject.Median(Metrics.Cpu)), Figure.Short(subject.Median(Metrics.Collections))];
        return primary switch
        {
            Metrics.P50 => [.. figures, Figure.Short(subject.Median(Metrics.P99)), Figure.Short(subject.Median(Metrics.P999)), Figure.Short(subject.Median(Metrics.Max)), .. ratios, .. costs, subject.Spec.Note],
            Metrics.Bandwidth => [.. figures, subject.Spec.Note],
            _ => [.. figures, .. ratios, .. costs, Figure.Short(subject.Drops), subject.Spec.Note],
        };

        double? Of(SubjectResult? other) => subject.Median(primary) / other?.Median(primary);
    }
}
