using System.Diagnostics;
using Psyne.Flow.Tests.House;

namespace Psyne.Flow.Tests.Samples;

/// <summary>A sample that was run as a program of its own.</summary>
internal sealed record SampleProcess(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The program that was built beside these tests, in the same configuration.</summary>
    public static string PathOf(string sample)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)); // bin/Debug/net10.0
        return Repository.PathOf("samples", sample, "bin", output.Parent!.Name, output.Name, $"{sample}.dll");
    }

    /// <summary>Runs what was built beside these tests: the same configuration, no build.</summary>
    public static async Task<SampleProcess> RunAsync(string sample, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new SampleProcess(process.ExitCode, await text, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{sample} {string.Join(' ', arguments)} did not end within {Limit}.");
        }
    }
}
