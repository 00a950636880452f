using Spectre.Console;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Where the sample writes to: a terminal as wide as it is, anything else as wide as a table needs.</summary>
internal static class Screen
{
    private const int WidthOfAFile = 160;

    public static IAnsiConsole Create()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (Console.IsOutputRedirected)
            screen.Profile.Width = WidthOfAFile;
        return screen;
    }
}
