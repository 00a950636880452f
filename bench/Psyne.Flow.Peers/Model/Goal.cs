namespace Psyne.Flow.Peers.Model;

/// <summary>One demand on `psyne` in one case. Judged on medians of one interleaved run.</summary>
/// <param name="Text">As the table prints it.</param>
/// <param name="Judge">The figure reached and whether it is enough; null where something it needs is missing.</param>
internal sealed record Goal(string Text, Func<CaseResult, (double Reached, bool Met)?> Judge)
{
    /// <summary>Why it may fall short; null where nobody has said.</summary>
    public Remark? Remark { get; init; }

    /// <summary>An absolute floor: quoted from another machine, so read it with the limit of the same case.</summary>
    public static Goal AtLeast(string metric, double floor, string text) =>
        new(text, result => Compare(result.Psyne?.Median(metric), value => value >= floor));

    /// <summary>An absolute ceiling.</summary>
    public static Goal AtMost(string metric, double ceiling, string text) =>
        new(text, result => Compare(result.Psyne?.Median(metric), value => value <= ceiling));

    /// <summary>
    /// No managed bytes a message. The runner itself allocates a few hundred a round, which are spread over the messages;
    /// a message that allocates costs 24 at least, so a tenth of a byte means fewer than one in two hundred does.
    /// </summary>
    public static Goal NoAllocation(string text)
    {
        const double OfTheRunner = 1024, PerMessage = 0.1;
        return new(text, result =>
        {
            // Each of Psyne.Flow's subjects has to, not only the fastest.
            var most = result.Psynes.MaxBy(subject => subject.Median(Metrics.Allocated));
            return Compare(most?.Median(Metrics.Allocated), value => value <= PerMessage || value * most!.Messages <= OfTheRunner);
        });
    }

    /// <summary>At least <paramref name="factor"/> times the best peer whose name starts with one of <paramref name="families"/> (all peers when empty).</summary>
    public static Goal TimesBestPeer(double factor, string text, params string[] families) =>
        new(text, result => Compare(Ratio(result, result.BestPeer(families)), ratio => ratio >= factor));

    /// <summary>At least this share of the limit.</summary>
    public static Goal ShareOfLimit(double share, string text) =>
        new(text, result => Compare(Ratio(result, result.Limit), ratio => ratio >= share));

    /// <summary>At most <paramref name="factor"/> times the limit's latency.</summary>
    public static Goal TimesLimit(double factor, string text) =>
        new(text, result => Compare(Ratio(result, result.Limit), ratio => ratio <= factor));

    private static double? Ratio(CaseResult result, SubjectResult? other) =>
        result.Psyne?.Median(result.Case.Primary) / other?.Median(result.Case.Primary);

    private static (double Reached, bool Met)? Compare(double? value, Func<double, bool> enough) =>
        value is { } reached ? (reached, enough(reached)) : null;
}
