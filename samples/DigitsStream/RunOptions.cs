using Psyne.Flow;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions(int Epochs = 500, int Capacity = 1024, ChannelMode Mode = ChannelMode.Spsc, bool Help = false)
{
    public const string Usage = """
        Streams scanned digits through a slab channel, and trains and tests a classifier on them.
          --epochs N      how often the data is streamed: 1 to 1000000 (default 500)
          --capacity N    images that the channel holds: 1 to 4194304  (default 1024)
          --mode MODE     spsc, mpsc, spmc, mpmc or broadcast          (default spsc)
          --help          this text
        """;

    /// <exception cref="FormatException">The arguments are not those of <see cref="Usage"/>.</exception>
    public static RunOptions Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new RunOptions(),
        ["--help" or "-h", ..] => new RunOptions(Help: true),
        ["--epochs", var value, .. var rest] => Parse(rest) with { Epochs = Number(value, 1_000_000) },
        ["--capacity", var value, .. var rest] => Parse(rest) with { Capacity = Number(value, SlabChannelOptions.MaximumCapacity) },
        ["--mode", var value, .. var rest] => Parse(rest) with { Mode = ModeOf(value) },
        ["--epochs" or "--capacity" or "--mode"] => throw new FormatException($"A value is missing after {arguments[0]}."),
        _ => throw new FormatException($"There is no option '{arguments[0]}'."),
    };

    private static int Number(string text, int most) => int.TryParse(text, out int number) && number >= 1 && number <= most
        ? number
        : throw new FormatException($"'{text}' is not a number from 1 to {most}.");

    private static ChannelMode ModeOf(string text) => Enum.TryParse(text, ignoreCase: true, out ChannelMode mode) && Enum.IsDefined(mode)
        ? mode
        : throw new FormatException($"There is no mode '{text}'.");
}
