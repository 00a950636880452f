namespace Psyne.Flow.Peers.Model;

/// <summary>One piece of work that several subjects do side by side.</summary>
/// <param name="Name">Slash-separated, stable: scripts and --case go by it.</param>
/// <param name="Primary">The metric that is compared; the others are shown beside it.</param>
/// <param name="Subjects">Who runs, in the order of the table.</param>
internal sealed record Case(string Name, string Primary, IReadOnlyList<SubjectSpec> Subjects)
{
    /// <summary>Rates and bandwidths are better when higher, latencies when lower.</summary>
    public bool HigherIsBetter => Primary is Metrics.Rate or Metrics.Touched or Metrics.Bandwidth;

    /// <summary>What PERFORMANCE asks of `psyne` here; empty where it asks nothing.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>What one unit of the figure is, said above the table: e.g. what counts as a touched byte.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Whether --quick runs it.</summary>
    public bool Quick { get; init; }
}
