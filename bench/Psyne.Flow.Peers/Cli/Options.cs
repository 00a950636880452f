namespace Psyne.Flow.Peers.Cli;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public string Suite { get; init; } = "core";

    public string Filter { get; init; } = "";

    public string? Json { get; init; }

    public bool Quick { get; init; }

    public bool List { get; init; }

    public bool Help { get; init; }

    /// <summary>Null: 5, or 2 with --quick.</summary>
    public int? Rounds { get; init; }
}
