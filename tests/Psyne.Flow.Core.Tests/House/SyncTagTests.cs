using System.Text.RegularExpressions;

namespace Psyne.Flow.Tests.House;

/// <summary>Every happens-before edge has a name, a tag at both ends, and a row in docs/memory-ordering.md.</summary>
public sealed partial class SyncTagTests
{
    [Fact]
    public void Tags_InSources_AreWellFormed() =>
        Nothing(Tags().Where(tag => tag.Name is null).Select(tag => tag.Place));

    [Fact]
    public void Tags_InSources_StandOnBothSides()
    {
        IEnumerable<string> oneSided = Tags()
            .Where(tag => tag.Name is not null)
            .GroupBy(tag => tag.Name!)
            .Where(edge => edge.Select(tag => tag.Side).Distinct().Count() < 2)
            .Select(edge => $"{edge.Key}: only ({edge.First().Side}), at {string.Join(", ", edge.Select(tag => tag.Place))}");

        Nothing(oneSided);
    }

    [Fact]
    public void Tags_AndRowsOfTheTable_AreTheSame()
    {
        var tags = Tags().Where(tag => tag.Name is not null).Select(tag => tag.Name!).ToHashSet();
        string[] rows = File.ReadLines(Repository.PathOf("docs", "memory-ordering.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)
            .ToArray();

        Nothing(tags.Except(rows).Select(name => $"{name}: a tag without a row in docs/memory-ordering.md"));
        Nothing(rows.Except(tags).Select(name => $"{name}: a row in docs/memory-ordering.md without a tag"));
        Assert.Equal(rows.Distinct(), rows);
    }

    // Assert.Empty cuts its list short; here each line is what there is to do.
    private static void Nothing(IEnumerable<string> wrong)
    {
        string[] lines = [.. wrong];
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }

    private static IEnumerable<(string? Name, string Side, string Place)> Tags()
    {
        string sources = Repository.PathOf("src");
        foreach (string file in Directory.EnumerateFiles(sources, "*.*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(sources, file);
            string[] folders = path.Split(Path.DirectorySeparatorChar);
            if (Path.GetExtension(file) is not (".cs" or ".fs") || folders.Contains("obj") || folders.Contains("bin"))
            {
                continue;
            }

            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                if (AnyTag().IsMatch(line))
                {
                    Match match = Tag().Match(line);
                    yield return (match.Success ? match.Groups["name"].Value : null, match.Groups["side"].Value, $"src/{path}:{number}: {line.Trim()}");
                }
            }
        }
    }

    [GeneratedRegex(@"//+\s*SYNC\b")]
    private static partial Regex AnyTag();

    [GeneratedRegex(@"// SYNC: (?<name>[a-z0-9]+(-[a-z0-9]+)*) \((?<side>store|load)\)\s*$")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^\|\s*`(?<name>[a-z0-9-]+)`\s*\|")]
    private static partial Regex Row();
}
