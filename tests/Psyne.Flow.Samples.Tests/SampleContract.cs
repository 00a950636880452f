using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Psyne.Flow.Tests.Samples;

namespace Psyne.Flow.Samples.Tests;

/// <summary>What the sample does in each form, run as a program of its own.</summary>
public abstract class SampleContract(string sample)
{
    private protected Task<SampleProcess> RunAsync(params string[] arguments) => SampleProcess.RunAsync(sample, arguments);

    [Theory]
    [InlineData("1024", "64")]
    [InlineData("7", "100")]
    [InlineData("1", "1")]
    public async Task Sample_AnyCapacityAndWindow_Classifies869OfAThousand(string capacity, string window)
    {
        var run = await RunAsync("--epochs", "3", "--capacity", capacity, "--window", window, "--no-report");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("accuracy     86.9% on the held-out last quarter (1,173 of 1,350)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("images       5,391 in 3 epochs and ", run.Output, StringComparison.Ordinal);
        Assert.Contains("5,391 of 5,391 images\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("report", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Sample_LongerRun_EveryStageCountsEveryImage()
    {
        var run = await RunAsync("--epochs", "100", "--no-report");

        var stages = Stages(run.Output);
        Assert.Superset(new HashSet<string> { "lines", "read", "parse", "scale", "measure", "keep", "learn", "batch", "sum" }, stages.Select(stage => stage.Name).ToHashSet());
        Assert.All(stages.Where(stage => stage.Name != "sum" && stage.Messages is not null), stage => Assert.Equal(179_700, stage.Messages));
        Assert.InRange(stages.Count(stage => stage.Messages is not null), CountedStages, stages.Count);
        Assert.Equal((179_700 + 63) / 64, stages.Single(stage => stage.Name == "sum").Messages); // batches
        AssertAllocations(stages.ToDictionary(stage => stage.Name, stage => stage.BytesPerMessage));
    }

    /// <summary>How many stages at least say how many messages they got.</summary>
    protected abstract int CountedStages { get; }

    /// <summary>What each stage allocated for a message; null where nobody counts it.</summary>
    protected virtual void AssertAllocations(IReadOnlyDictionary<string, double?> bytes) { }

    [Theory]
    [InlineData("Unrecognized command or argument '--epoch'.", "--epoch", "3")]
    [InlineData("Required argument missing for option: '--epochs'.", "--epochs")]
    [InlineData("--epochs: 'many' is not a number from 1 to 1000000.", "--epochs", "many")]
    [InlineData("--capacity: '0' is not a number from 1 to 65536.", "--capacity", "0")]
    [InlineData("--window: '4097' is not a number from 1 to 4096.", "--window", "4097")]
    [InlineData("--report and --no-report exclude each other.", "--report", "here", "--no-report")]
    public async Task Sample_WrongArguments_SaysSoAndEndsWith2(string message, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_Help_NamesTheOptions()
    {
        var run = await RunAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            new[] { "--epochs", "--capacity", "--window", "--input", "--skip-bad", "--report", "--no-report" },
            option => Assert.Contains(option, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_BadLine_EndsTheRunAndNamesIt()
    {
        using var file = DataFile.With((1700, DataFile.Field(1700, 4, "17")), (1710, ""));

        var run = await RunAsync("--epochs", "1000", "--no-report", "--input", file.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"error: {file.Path}, line 1700, field 4: '17' is not a pixel; these go from 0 to 16.\n--skip-bad leaves such lines out.\n", run.Error);
        Assert.DoesNotContain("accuracy", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_SkipBad_HandlesTheRestAndTellsTheFirst()
    {
        var bad = Enumerable.Range(101, 25).Select(line => (line, DataFile.Field(line, 65, "ten"))).Append((50, "")).ToArray();
        using var file = DataFile.With(bad);

        var run = await RunAsync("--epochs", "4", "--no-report", "--skip-bad", "--input", file.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"images       {4 * (1797 - 26):N0} in 4 epochs", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"accuracy     8\d\.\d% on the held-out last quarter \(1,\d{3} of 1,800\)", run.Output);
        var told = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal($"skipped: {file.Path}, line 50: is empty; a line has 65 numbers.", told[0]);
        Assert.Equal(
            Enumerable.Range(101, 19).Select(line => $"skipped: {file.Path}, line {line}, field 65: 'ten' is not a number; a digit is one from 0 to 9."),
            told[1..20]);
        Assert.Equal([$"skipped: {file.Path}, 6 more lines", "skipped 26 of 1,797 lines"], told[20..]);
    }

    [Fact]
    public async Task Sample_SkipBadOfNothingButBadLines_SaysSo()
    {
        using var file = DataFile.OfText(string.Join('\n', Enumerable.Repeat("1,2,3", 5000)));

        var run = await RunAsync("--epochs", "2", "--no-report", "--skip-bad", "--input", file.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"error: {file.Path}: none of its 5,000 lines could be read. The first: line 1: has 3 fields; a line has 65: 64 pixels and the digit.\n",
            run.Error);
    }

    [Fact]
    public async Task Sample_NothingToTrainOn_SaysSo()
    {
        using var file = DataFile.OfText($"x\nx\nx\n{DataFile.Lines[0]}\n");

        var run = await RunAsync("--epochs", "2", "--no-report", "--skip-bad", "--input", file.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"error: {file.Path}, line 4: is to be tested, and none of the lines before it could be trained on.\n", run.Error);
    }

    [Fact]
    public async Task Sample_CutOffFile_IsRefusedOrReadUpToThere()
    {
        using var file = DataFile.Of(DataFile.Packed[..(DataFile.Packed.Length / 2)]);

        var refused = await RunAsync("--epochs", "2", "--no-report", "--input", file.Path);
        var read = await RunAsync("--epochs", "2", "--no-report", "--skip-bad", "--input", file.Path);

        var place = Regex.Match(refused.Error, @"line (\d+): the gzip data ends early");
        var lines = int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) - 1;
        Assert.Equal((1, 0), (refused.ExitCode, read.ExitCode));
        Assert.StartsWith($"error: {file.Path}, line {lines + 1}: the gzip data ends early", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"images       {2 * lines:N0} in 2 epochs", read.Output, StringComparison.Ordinal);
        Assert.StartsWith($"incomplete: {file.Path}, line {lines + 1}: the gzip data ends early", read.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_InterruptedRun_EndsItsPartsAndSaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "A signal is sent by kill.");
        Assert.SkipWhen(IgnoresInterrupts(), "The tests were started in the background, where SIGINT is ignored, and so do the programs that they start.");
        var program = SampleProcess.PathOf(sample);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--epochs", "1000000", "--no-report"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardOutput.ReadLineAsync(); // from here on the run can be stopped

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((130, "stopped\n"), (process.ExitCode, error));
    }

    [Fact]
    public async Task Sample_NoSuchFile_SaysSo()
    {
        var run = await RunAsync("--no-report", "--input", "/no/such/file.gz");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("error: /no/such/file.gz can't be read: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_ReportInNoFolder_SaysSoBeforeTheRun()
    {
        var run = await RunAsync("--report", "/no/such/folder/report.html");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal("error: The report can't be written to /no/such/folder/report.html: there is no such folder.\n", run.Error);
    }

    [Fact]
    public async Task Sample_Report_ShowsTheRunAndNeedsNothingElse()
    {
        using var file = DataFile.With((3, "<b>,&"));
        using var report = new Report();

        var run = await RunAsync("--epochs", "60", "--skip-bad", "--input", file.Path, "--report", report.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith($"report       {report.Path}\n", run.Output, StringComparison.Ordinal);
        report.Read();
        report.AssertSelfContained();
        report.AssertSections("skipped", "pipeline", "learning", "centroids", "confusion", "digits", "rate", "occupancy", "stages");
        report.AssertPipeline([.. Stages(run.Output).Select(stage => stage.Name)]);
        report.AssertConfusion(run.Output, epochs: 60);
        report.AssertPictures();
        report.AssertCurves();
        Assert.Contains("line 3: has 2 fields", report.TextOf("skipped"), StringComparison.Ordinal);
    }

    /// <summary>The rows of the table of stages.</summary>
    private static List<(string Name, long? Messages, double? BytesPerMessage)> Stages(string output)
    {
        var rows = Regex.Matches(output, @"^ *([a-z]+) +([\d,]+|-) +[\d,-]+ +[\d,-]+ +[\d,-]+ +[\d,-]+ +[\d,-]+ +([\d.]+|-) *$", RegexOptions.Multiline);
        return [.. rows.Select(row => (
            row.Groups[1].Value,
            row.Groups[2].Value == "-" ? (long?)null : long.Parse(row.Groups[2].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
            row.Groups[3].Value == "-" ? (double?)null : double.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture)))];
    }

    /// <summary>Whether this process ignores SIGINT, as shells have their background jobs do: children inherit that.</summary>
    private static bool IgnoresInterrupts()
    {
        const string Ignored = "SigIgn:";
        const string Status = "/proc/self/status";
        return File.Exists(Status)
            && File.ReadLines(Status).First(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is var mask
            && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) & 1UL << (2 - 1)) != 0;
    }
}
