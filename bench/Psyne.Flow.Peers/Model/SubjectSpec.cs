namespace Psyne.Flow.Peers.Model;

/// <summary>A subject's name and how to make it; nothing is allocated before its case runs.</summary>
/// <param name="Name">`psyne`, `limit`, or a peer's name: what the JSON line carries.</param>
/// <param name="Role">Which ratios it takes part in.</param>
/// <param name="Create">Makes the subject at the start of its case.</param>
/// <param name="Note">Said beside its row: unbounded, same thread, where the arrays come from.</param>
internal sealed record SubjectSpec(string Name, Role Role, Func<Subject> Create, string Note = "")
{
    /// <summary>Why it can't run here, with how to install it; null when it can.</summary>
    public string? Absent { get; init; }

    /// <summary>Left out of --quick, which is there to see that the program works.</summary>
    public bool FullOnly { get; init; }
}
