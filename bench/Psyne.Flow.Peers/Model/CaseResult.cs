namespace Psyne.Flow.Peers.Model;

/// <summary>A finished case: what the table, the JSON lines and the goals read.</summary>
internal sealed record CaseResult(string Suite, Case Case, IReadOnlyList<SubjectResult> Subjects)
{
    /// <summary>Psyne.Flow's figure: where it has several subjects, the best one's.</summary>
    public SubjectResult? Psyne => Best(Psynes);

    /// <summary>All of Psyne.Flow's.</summary>
    public IEnumerable<SubjectResult> Psynes => Subjects.Where(subject => subject.Spec.Role == Role.Psyne);

    public SubjectResult? Limit => Subjects.FirstOrDefault(subject => subject.Spec.Role == Role.Limit);

    /// <summary>The best peer, or the best of the given families (a family is the start of a name).</summary>
    public SubjectResult? BestPeer(params string[] families)
    {
        return Best(Subjects
            .Where(subject => subject.Spec.Role == Role.Peer)
            .Where(subject => families.Length == 0
                || families.Any(family => subject.Spec.Name.StartsWith(family, StringComparison.Ordinal))));
    }

    private SubjectResult? Best(IEnumerable<SubjectResult> subjects)
    {
        subjects = subjects.Where(subject => subject.Median(Case.Primary) is not null);
        return Case.HigherIsBetter
            ? subjects.MaxBy(subject => subject.Median(Case.Primary))
            : subjects.MinBy(subject => subject.Median(Case.Primary));
    }
}
