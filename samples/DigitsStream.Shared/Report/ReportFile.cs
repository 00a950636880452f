using System.Text;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Where the report is written.</summary>
internal static class ReportFile
{
    /// <summary>Looks whether there is a place for it, before a run that may take long.</summary>
    /// <exception cref="DigitFileException">The folder doesn't exist, or the path is one.</exception>
    public static void Check(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new DigitFileException($"The report can't be written to {full}: that is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw new DigitFileException($"The report can't be written to {full}: there is no such folder.");
    }

    /// <summary>Writes it, and says where it lies.</summary>
    /// <exception cref="DigitFileException">It can't be written.</exception>
    public static string Write(string path, string page)
    {
        var full = Path.GetFullPath(path);
        try
        {
            File.WriteAllText(full, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return full;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new DigitFileException($"The report can't be written to {full}: {wrong.Message}", wrong);
        }
    }
}
