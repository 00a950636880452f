using System.Globalization;
using Psyne.Flow.Peers.Suites;

namespace Psyne.Flow.Peers.Cli;

/// <summary>Reads the command line. What isn't known is refused by name, with the names that are.</summary>
internal static class OptionsParser
{
    private const int MostRounds = 1000;

    public static string Usage =>
        $"""
        Psyne.Flow.Peers: Psyne.Flow and what could be used instead, side by side in one run.

          --suite NAME    {Catalogue.Names} (default: core)
          --quick         fewer and shorter rounds of fewer cases: does it work? (the whole of a suite under 45 s)
          --case FILTER   only cases whose name contains FILTER
          --rounds N      interleaved rounds of each subject, 1 to {MostRounds} (default: 5, with --quick 2)
          --json FILE     also writes the figures to FILE, one JSON object a line
          --list          lists cases and subjects, and runs nothing
          --help          this

        Exit code: 0 all verified, 1 a verification failed, 2 a bad command line or file.
        """;

    /// <summary>The options, or what is wrong with the arguments.</summary>
    public static (Options? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new Options();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            switch (name)
            {
                case "--quick":
                    options = options with { Quick = true };
                    continue;
                case "--list":
                    options = options with { List = true };
                    continue;
                case "--help" or "-h":
                    options = options with { Help = true };
                    continue;
                case "--suite" or "--json" or "--case" or "--rounds":
                    break;
                default:
                    return (null, $"'{name}' is no option. There are --suite, --quick, --case, --rounds, --json, --list and --help.");
            }

            if (++i == arguments.Count || arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                return (null, $"{name} needs a value.");
            }

            var (next, error) = WithValue(options, name, arguments[i]);
            if (next is null)
            {
                return (null, error);
            }

            options = next;
        }

        return (options, null);
    }

    private static (Options? Options, string? Error) WithValue(Options options, string name, string value)
    {
        switch (name)
        {
            case "--suite":
                return Catalogue.Find(value) is null
                    ? (null, $"there is no suite '{value}'. There are {Catalogue.Names}.")
                    : (options with { Suite = value }, null);
            case "--json":
                return (options with { Json = value }, null);
            case "--case":
                return (options with { Filter = value }, null);
            default:
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is >= 1 and <= MostRounds
                    ? (options with { Rounds = rounds }, null)
                    : (null, $"--rounds {value}: expected a whole number from 1 to {MostRounds}.");
        }
    }
}
