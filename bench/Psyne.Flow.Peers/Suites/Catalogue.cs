using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Suites.Blocks;
using Psyne.Flow.Peers.Suites.Core;

namespace Psyne.Flow.Peers.Suites;

/// <summary>The suites there are. A new one is a folder beside Core and a line here; the runner and the output stay as they are.</summary>
internal static class Catalogue
{
    public const string All = "all";

    public static readonly IReadOnlyList<Suite> Suites =
    [
        new Suite("core", "channels in one process: throughput, touched bytes, latency", CoreSuite.Cases),
        new Suite("blocks", "dataflow blocks: pipelines, fan-out, join, batch", BlocksSuite.Cases),
    ];

    /// <summary>What --suite accepts.</summary>
    public static string Names => string.Join(", ", Suites.Select(suite => suite.Name).Append(All));

    /// <summary>The suite or suites of that name, or null.</summary>
    public static IReadOnlyList<Suite>? Find(string name) =>
        name == All ? Suites
        : Suites.FirstOrDefault(suite => suite.Name == name) is { } found ? [found]
        : null;
}
