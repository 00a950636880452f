using System.Diagnostics;
using System.Text;
using Psyne.Flow.Peers.Cli;
using Psyne.Flow.Peers.Model;
using Psyne.Flow.Peers.Output;
using Psyne.Flow.Peers.Running;
using Psyne.Flow.Peers.Suites;

namespace Psyne.Flow.Peers;

/// <summary>Runs the cases that the command line picks, in order, and reports each as soon as it is done.</summary>
internal static class Program
{
    private const int Verified = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    public static int Main(string[] arguments)
    {
        var (options, error) = OptionsParser.Parse(arguments);
        if (options is null)
        {
            Console.Error.WriteLine(error);
            return Misused;
        }

        if (options.Help)
        {
            Console.WriteLine(OptionsParser.Usage);
            return Verified;
        }

        var work = (
            from suite in Catalogue.Find(options.Suite)!
            from one in suite.Cases()
            where one.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase)
            where !options.Quick || options.List || one.Quick || options.Filter.Length > 0
            select (suite, one)).ToList();
        if (work.Count == 0)
        {
            Console.Error.WriteLine($"no case of suite '{options.Suite}' contains '{options.Filter}'. See --list.");
            return Misused;
        }

        if (options.List)
        {
            CaseList.Write(Console.Out, work);
            return Verified;
        }

        return OpenJson(options.Json, out var json) ? Run(options, work, json) : Misused;
    }

    private static int Run(Options options, List<(Suite Suite, Case Case)> work, StreamWriter? json)
    {
        // Quick is there to see that everything works; its figures are rough, and its header says so.
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        var roundTime = TimeSpan.FromMilliseconds(options.Quick ? 40 : 200);
        Header.Write(Console.Out, options.Quick, rounds, roundTime);
        var begin = Stopwatch.GetTimestamp();
        var summary = new Summary();
        using (json)
        {
            foreach (var (suite, one) in work)
            {
                var result = new CaseRunner(suite.Name, rounds, roundTime, options.Quick).Run(one);
                CaseTable.Write(Console.Out, result);
                JsonLines.Write(json, result);
                summary.Add(result);
            }
        }

        summary.Write(Console.Out, Stopwatch.GetElapsedTime(begin));
        return summary.AllVerified ? Verified : Failed;
    }

    private static bool OpenJson(string? path, out StreamWriter? writer)
    {
        writer = null;
        try
        {
            writer = path is null ? null : new StreamWriter(path, append: false, new UTF8Encoding(false));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"--json {path}: {exception.Message}");
            return false;
        }
    }
}
