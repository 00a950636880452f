using System.IO.Compression;
using System.Text;
using Psyne.Flow.Tests.House;

namespace Psyne.Flow.Samples.Tests;

/// <summary>A data file of a test's own, gone when the test is over.</summary>
internal sealed class DataFile : IDisposable
{
    private static readonly string Original = Repository.PathOf("samples", "data", "digits.csv.gz");

    private DataFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"digits-{Guid.NewGuid():N}.csv.gz");

    /// <summary>The bytes of the sample's own file.</summary>
    public static byte[] Packed { get; } = File.ReadAllBytes(Original);

    /// <summary>The lines of the sample's own file.</summary>
    public static string[] Lines { get; } = Unpack();

    public static DataFile Of(params byte[] bytes) => new(bytes);

    public static DataFile OfText(string text)
    {
        using var packed = new MemoryStream();
        using (var pack = new GZipStream(packed, CompressionLevel.Fastest))
            pack.Write(Encoding.UTF8.GetBytes(text));
        return new DataFile(packed.ToArray());
    }

    /// <summary>The sample's own lines, some of them replaced; line numbers begin at 1.</summary>
    public static DataFile With(params (int Line, string Text)[] changes)
    {
        var lines = Lines.ToArray();
        foreach (var (line, text) in changes)
            lines[line - 1] = text;
        return OfText(string.Join('\n', lines) + "\n");
    }

    /// <summary>A line of the sample's own file with one field replaced; fields begin at 1.</summary>
    public static string Field(int line, int field, string value)
    {
        var fields = Lines[line - 1].Split(',');
        fields[field - 1] = value;
        return string.Join(',', fields);
    }

    public void Dispose() => File.Delete(Path);

    private static string[] Unpack()
    {
        using var unpacked = new StreamReader(new GZipStream(File.OpenRead(Original), CompressionMode.Decompress));
        return unpacked.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
