using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Output;

/// <summary>The last lines: what was verified, what was absent, which goals were met.</summary>
internal sealed class Summary
{
    private readonly SortedSet<string> absent = new(StringComparer.Ordinal);
    private readonly List<string> failures = [];
    private int cases, subjects, met, shortOf, unexplained, open;

    public bool AllVerified => failures.Count == 0;

    public void Add(CaseResult result)
    {
        cases++;
        foreach (var subject in result.Subjects)
        {
            if (subject.Spec.Absent is { } why)
            {
                absent.Add($"{subject.Spec.Name}: {why}");
                continue;
            }

            subjects++;
            if (subject.Failure is { } failure)
            {
                failures.Add($"{result.Case.Name} {subject.Spec.Name}: {failure}");
            }
        }

        foreach (var goal in result.Case.Goals)
        {
            switch (goal.Judge(result))
            {
                case null:
                    open++;
                    break;
                case { Met: true }:
                    met++;
                    break;
                default:
                    shortOf++;
                    unexplained += goal.Remark is null ? 1 : 0;
                    break;
            }
        }
    }

    public void Write(TextWriter to, TimeSpan took)
    {
        to.WriteLine();
        foreach (var line in absent)
        {
            to.WriteLine("absent    " + line);
        }

        foreach (var line in failures)
        {
            to.WriteLine("FAILED    " + line);
        }

        to.WriteLine($"{cases} cases, {subjects} runs, {failures.Count} not verified; goals {met} met, {shortOf} short ({unexplained} without a remark), {open} open; {took.TotalSeconds:0} s");
    }
}
