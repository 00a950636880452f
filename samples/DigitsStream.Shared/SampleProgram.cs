using System.Globalization;
using Spectre.Console;

namespace Psyne.Flow.Samples.Digits;

/// <summary>The program around a pipeline: arguments, data, progress, results, errors.</summary>
public static class SampleProgram
{
    /// <summary>The data can't be read, or the report not written.</summary>
    public const int Failed = 1;

    /// <summary>The run was stopped from the keyboard.</summary>
    public const int Stopped = 130;

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="form">In which form the pipeline is written: "C#", "F#".</param>
    /// <param name="build">Makes the pipeline for a job.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, string form, Func<DigitJob, StageGraph> build)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        return CommandLine.InvokeAsync(arguments, form, (options, token) => RunAsync(options, form, build, token));
    }

    private static async Task<int> RunAsync(RunOptions options, string form, Func<DigitJob, StageGraph> build, CancellationToken token)
    {
        var screen = Screen.Create();
        try
        {
            if (options.Report is not null)
                ReportFile.Check(options.Report);
            var job = new DigitJob(options, DigitFile.Read(options.Input, acceptTruncated: options.SkipBad));
            var graph = build(job);
            screen.WriteLine($"{job.File.Lines:N0} lines of {Path.GetFileName(options.Input)}, {options.Epochs:N0} times, through {graph.Stages.Count} stages in {form}");
            var run = await StreamAsync(screen, form, job, graph, token);
            ResultView.Write(screen, run);
            TellBadLines(job);
            if (options.Report is { } path)
                screen.WriteLine($"report       {ReportFile.Write(path, HtmlReport.Write(run))}");
            return 0;
        }
        catch (LineFormatException wrong)
        {
            return Fail($"{options.Input}, {wrong.Message}{(options.SkipBad ? "" : "\n--skip-bad leaves such lines out.")}");
        }
        catch (DigitFileException wrong)
        {
            return Fail(wrong.Message);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            Console.Error.WriteLine("stopped");
            return Stopped;
        }
    }

    private static async Task<DigitRun> StreamAsync(IAnsiConsole screen, string form, DigitJob job, StageGraph graph, CancellationToken token)
    {
        var sampler = new RunSampler(graph.Stages, () => job.Learner.Handled, warmAt: job.Lines / 4);
        await using var stop = token.Register(() => graph.Stop(new OperationCanceledException(token)));
        var running = graph.RunAsync();
        await Task.WhenAll(sampler.RunAsync(running), new ProgressView(screen, job).FollowAsync(running));
        await running;
        if (job.Learner.Handled == 0)
            throw new DigitFileException($"{job.File.Path}: none of its {job.File.Lines:N0} lines could be read. The first: {job.BadLines.Told()[0]}");
        return new DigitRun(form, job, graph, sampler);
    }

    private static void TellBadLines(DigitJob job)
    {
        var file = job.File;
        foreach (var line in job.BadLines.Told())
            Console.Error.WriteLine($"skipped: {file.Path}, {line}");
        if (job.BadLines.Count > BadLines.MostTold)
            Console.Error.WriteLine($"skipped: {file.Path}, {job.BadLines.Count - BadLines.MostTold:N0} more lines");
        if (job.BadLines.Count > 0)
            Console.Error.WriteLine($"skipped {job.BadLines.Count:N0} of {file.Lines:N0} lines");
        if (file.Truncation is { } truncation)
            Console.Error.WriteLine($"incomplete: {truncation.Message} {file.Lines:N0} lines come before.");
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"error: {message}");
        return Failed;
    }
}
