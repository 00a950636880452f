namespace Psyne.Flow.Peers.Model;

/// <summary>A named set of cases. A later suite is one file under Suites/ and one line in <see cref="Suites.Catalogue"/>.</summary>
internal sealed record Suite(string Name, string About, Func<IEnumerable<Case>> Cases);
