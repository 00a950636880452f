using System.Text.RegularExpressions;
using Psyne.Flow.Tests.House;
using Psyne.Flow.Tests.Samples;

namespace Psyne.Flow.Tests.Docs;

/// <summary>Every C# and F# block of the README and the guides is code that is compiled and run by a test.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Blocks_OfReadmeAndGuides_AreCodeThatIsTested()
    {
        HashSet<string> tested = [.. Sections(), FirstChannel()];

        Assert.Empty(Blocks().Where(block => !tested.Contains(block.Code)).Select(block => $"{block.File}:\n{block.Code}"));
    }

    [Fact]
    public void Sections_OfTests_StandInReadmeOrGuides()
    {
        var shown = Blocks().Select(block => block.Code).ToHashSet();

        Assert.Empty(Sections().Except(shown));
        Assert.Contains(FirstChannel(), shown);
    }

    [Fact]
    public async Task FirstChannel_IsRun_PrintsTheMean()
    {
        var run = await SampleProcess.RunAsync("FirstChannel");

        Assert.Equal((0, "mean 23.00 degrees"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public void Links_OfDocuments_LeadSomewhere()
    {
        var broken =
            from file in Documents()
            from Match link in Link().Matches(File.ReadAllText(file))
            let target = link.Groups["target"].Value
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target))
            select $"{file}: {target}";

        Assert.Empty(broken);
    }

    private static string FirstChannel() => Text(Repository.PathOf("samples", "FirstChannel", "Program.cs")).Trim();

    private static IEnumerable<string> Documents() =>
        [Repository.PathOf("README.md"), Repository.PathOf("CONTRIBUTING.md"), .. Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)];

    private static IEnumerable<(string File, string Code)> Blocks() =>
        from file in Documents().Where(file => Path.GetFileName(file) == "README.md" || Path.GetFileName(file).StartsWith("guide-", StringComparison.Ordinal))
        from Match block in Block().Matches(Text(file))
        select (Path.GetFileName(file), block.Groups["code"].Value.Trim());

    private static IEnumerable<string> Sections() =>
        from file in Directory.EnumerateFiles(Repository.PathOf("tests"), "*Guide*.*s", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".fs"
        from Match section in Section().Matches(Text(file))
        select Dedented(section.Groups["code"].Value);

    private static string Text(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static string Dedented(string code)
    {
        string[] lines = code.Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : "")).Trim();
    }

    [GeneratedRegex(@"^```(csharp|fsharp)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *// doc: [a-z-]+\n(?<code>.*?)^ *// end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"\]\((?!https?:)(?<target>[^)#\s]+)")]
    private static partial Regex Link();
}
