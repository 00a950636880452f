using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Psyne.Flow.Samples.Digits;

/// <summary>The options of the sample.</summary>
internal static class CommandLine
{
    /// <summary>The arguments are wrong.</summary>
    public const int Misuse = 2;

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="form">In which form the pipeline is written, for the help.</param>
    /// <param name="run">Called with the options.</param>
    /// <returns>The exit code: that of <paramref name="run"/>, or <see cref="Misuse"/>.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, string form, Func<RunOptions, CancellationToken, Task<int>> run)
    {
        var epochs = Number("--epochs", "how often the file is streamed", 500, RunOptions.LargestEpochs);
        var capacity = Number("--capacity", "messages that each stage holds", 1024, RunOptions.LargestCapacity);
        var window = Number("--window", "images in a window of the classifier", 64, RunOptions.LargestWindow);
        var input = new Option<string?>("--input")
        {
            HelpName = "FILE",
            Description = "gzip of lines of 64 pixels (0 to 16) and a digit (0 to 9), between commas; without it, the digits that come with the sample",
        };
        var skipBad = new Option<bool>("--skip-bad") { Description = "leave out lines that can't be read, and tell them at the end; without it, the first ends the run" };
        var report = new Option<string>("--report")
        {
            HelpName = "FILE",
            Description = "where the report is written, an HTML page",
            DefaultValueFactory = _ => "digits-report.html",
        };
        var noReport = new Option<bool>("--no-report") { Description = "write no report" };
        var command = new RootCommand($"Streams scanned digits through dataflow blocks, and trains and tests a classifier on them. The pipeline is written in {form}.")
        {
            epochs, capacity, window, input, skipBad, report, noReport,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noReport) && result.GetResult(report) is { Implicit: false })
                result.AddError("--report and --no-report exclude each other.");
        });
        command.SetAction((parsed, token) =>
        {
            var options = new RunOptions(
                parsed.GetValue(epochs), parsed.GetValue(capacity), parsed.GetValue(window),
                parsed.GetValue(input) ?? Path.Combine(AppContext.BaseDirectory, "digits.csv.gz"),
                parsed.GetValue(skipBad), parsed.GetValue(noReport) ? null : parsed.GetRequiredValue(report));
            return Task.Run(() => run(options, token), CancellationToken.None); // Ctrl+C waits only for what has returned a task
        });

        var parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        if (parsed.Action is ParseErrorAction errors)
            errors.ShowTypoCorrections = false; // it would find something for the value of a wrong option, too
        await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error }); // says what is wrong, and the options
        return Misuse;
    }

    private static Option<int> Number(string name, string description, int preset, int most)
    {
        int Parse(ArgumentResult result)
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, out var number) && number >= 1 && number <= most)
                return number;
            result.AddError($"{name}: '{text}' is not a number from 1 to {most}.");
            return preset;
        }
        return new Option<int>(name) { HelpName = "N", Description = $"{description}: 1 to {most}", DefaultValueFactory = _ => preset, CustomParser = Parse };
    }
}
