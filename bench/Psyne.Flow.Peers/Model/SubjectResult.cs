namespace Psyne.Flow.Peers.Model;

/// <summary>All rounds of one subject in one case.</summary>
internal sealed class SubjectResult(SubjectSpec spec)
{
    private readonly List<Round> rounds = [];

    public SubjectSpec Spec { get; } = spec;

    /// <summary>Messages in each round, as calibrated.</summary>
    public long Messages { get; set; }

    public string? Failure { get; private set; }

    public long Drops => rounds.Sum(round => round.Drops);

    /// <summary>Every metric that the rounds reported, in the order of the first.</summary>
    public IEnumerable<Measure> Shape => rounds.Count == 0 ? [] : rounds[0].Measures;

    public void Add(Round round)
    {
        rounds.Add(round);
        Failure ??= round.Failure;
    }

    public double? Median(string metric)
    {
        var values = Values(metric);
        return values.Length == 0 ? null
            : values.Length % 2 == 1 ? values[values.Length / 2]
            : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }

    public double? Least(string metric) => Values(metric) is { Length: > 0 } values ? values[0] : null;

    public double? Most(string metric) => Values(metric) is { Length: > 0 } values ? values[^1] : null;

    private double[] Values(string metric) =>
        [.. from round in rounds
            from measure in round.Measures
            where measure.Metric == metric
            orderby measure.Value
            select measure.Value];
}
