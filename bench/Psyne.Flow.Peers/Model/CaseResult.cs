namespace Psyne.Flow.Peers.Model;

/// <summary>A finished case: what the table, the JSON lines and the goals read.</summary>
internal sealed record CaseResult(string Suite, Case Case, IReadOnlyList<SubjectResult> Subjects)
{
    public SubjectResult? Psyne => Subjects.FirstOrDefault(subject => subject.Spec.Role == Role.Psyne);

    public SubjectResult? Limit => Subjects.FirstOrDefault(subject => subject.Spec.Role == Role.Limit);

    /// <summary>The best peer, or the best of the given families (a family is the start of a name).</summary>
    public SubjectResult? BestPeer(params string[] families)
    {
        var peers = Subjects
            .Where(subject => subject.Spec.Role == Role.Peer && subject.Median(Case.Primary) is not null)
            .Where(subject => families.Length == 0
                || families.Any(family => subject.Spec.Name.StartsWith(family, StringComparison.Ordinal)));
        return Case.HigherIsBetter
            ? peers.MaxBy(subject => subject.Median(Case.Primary))
            : peers.MinBy(subject => subject.Median(Case.Primary));
    }
}
