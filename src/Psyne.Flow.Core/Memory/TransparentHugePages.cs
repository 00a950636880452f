using System.Globalization;

namespace Psyne.Flow.Memory;

/// <summary>What Linux says of transparent huge pages, in /sys.</summary>
internal static class TransparentHugePages
{
    private const string Directory = "/sys/kernel/mm/transparent_hugepage/";
    private const long UsualPageBytes = 2L << 20;

    /// <summary>Gets whether memory that is advised gets huge pages: the setting is "always" or "madvise".</summary>
    internal static bool AreEnabled => OperatingSystem.IsLinux() && ParseEnabled(Read("enabled"));

    /// <summary>Gets the size of a huge page in bytes: 2 MiB nearly everywhere.</summary>
    internal static long PageBytes { get; } = ParsePageBytes(Read("hpage_pmd_size"));

    /// <summary>Reads "always [madvise] never": the word in brackets holds.</summary>
    internal static bool ParseEnabled(string? text) =>
        text is not null
        && (text.Contains("[always]", StringComparison.Ordinal) || text.Contains("[madvise]", StringComparison.Ordinal));

    internal static long ParsePageBytes(string? text) =>
        long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var bytes)
        && bytes is >= 4096 and <= (1L << 34)
        && long.IsPow2(bytes)
            ? bytes
            : UsualPageBytes;

    private static string? Read(string name)
    {
        try
        {
            return File.Exists(Directory + name) ? File.ReadAllText(Directory + name) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
