using System.Reflection;
using Psyne.Flow.Tests.House;

namespace Psyne.Flow.Tests.PublicApi;

/// <summary>Holds an assembly's public API to its approved text, which lies in <c>PublicApi</c> of its test project.</summary>
internal static class ApprovedApi
{
    internal static void Check(string assembly)
    {
        string approvedFile = Repository.PathOf("tests", $"{assembly}.Tests", "PublicApi", $"{assembly}.approved.txt");
        string actual = ApiText.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("PSYNE_ACCEPT_API") == "1")
        {
            File.WriteAllText(approvedFile, actual);
            return;
        }

        string[] approvedLines = File.Exists(approvedFile) ? File.ReadAllLines(approvedFile) : [];
        string[] actualLines = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] changes =
        [
            .. approvedLines.Except(actualLines).Where(line => line.Length > 0).Select(line => $"- {line.Trim()}"),
            .. actualLines.Except(approvedLines).Select(line => $"+ {line.Trim()}"),
        ];
        string approved = string.Concat(approvedLines.Select(line => line + "\n"));

        Assert.True(
            approved == actual,
            $"The public API of {assembly} changed. If that is meant, run this test with PSYNE_ACCEPT_API=1 and commit {Path.GetFileName(approvedFile)}.\n{string.Join('\n', changes)}");
    }
}
