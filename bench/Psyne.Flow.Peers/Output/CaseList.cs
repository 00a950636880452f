using Psyne.Flow.Peers.Model;

namespace Psyne.Flow.Peers.Output;

/// <summary>--list: every case with who would run in it.</summary>
internal static class CaseList
{
    public static void Write(TextWriter to, IEnumerable<(Suite Suite, Case Case)> work)
    {
        foreach (var group in work.GroupBy(item => item.Suite))
        {
            to.WriteLine($"{group.Key.Name}: {group.Key.About}");
            foreach (var (_, one) in group)
            {
                to.WriteLine($"  {one.Name}{(one.Quick ? "   (also --quick)" : "")}");
                to.WriteLine($"      {string.Join(", ", one.Subjects.Select(Describe))}");
            }
        }
    }

    private static string Describe(SubjectSpec spec) =>
        spec.Absent is { } absent ? $"{spec.Name} (absent: {absent})" : spec.Name;
}
