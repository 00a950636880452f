namespace Psyne.Flow.Tests.House;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution; test output lies below it.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Psyne.Flow.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Psyne.Flow.sln in {AppContext.BaseDirectory} or above: these tests read the sources, so run them in a checkout.");
    }
}
