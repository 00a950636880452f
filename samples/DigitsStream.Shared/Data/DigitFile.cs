using System.IO.Compression;

namespace Psyne.Flow.Samples.Digits;

/// <summary>The text of a data file: unpacked once, and cut into lines.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
public sealed class DigitFile
{
    /// <summary>The most bytes of text.</summary>
    public const int MaximumText = 1 << 30;

    private const int FewestLines = 2;

    private readonly byte[] _text;
    private readonly int[] _ends; // of each line, without its line feed

    private DigitFile(string path, byte[] text, int length, DigitFileException? truncation)
    {
        (Path, _text, Truncation) = (path, text, truncation);
        var ends = new List<int>();
        for (var start = 0; start < length;)
        {
            var end = text.AsSpan(start, length - start).IndexOf((byte)'\n');
            ends.Add(end < 0 ? length : start + end);
            start = ends[^1] + 1;
        }
        _ends = [.. ends];
    }

    public string Path { get; }

    /// <summary>How many lines there are.</summary>
    public int Lines => _ends.Length;

    /// <summary>Why not all of the file was read; null when it was. The line that was cut off is left out.</summary>
    public DigitFileException? Truncation { get; }

    /// <summary>The bytes of a line, without its end.</summary>
    /// <param name="number">1 to <see cref="Lines"/>.</param>
    public ReadOnlySpan<byte> Line(int number)
    {
        var start = number == 1 ? 0 : _ends[number - 2] + 1;
        var line = _text.AsSpan(start, _ends[number - 1] - start);
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    /// <summary>Whether a line belongs to the last quarter, which is held out for the test.</summary>
    public bool IsHeldOut(int number) => number > Lines * 3L / 4;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A text of lines, packed by gzip.</param>
    /// <param name="acceptTruncated">Whether what comes before a damaged place will do; it is told in <see cref="Truncation"/>.</param>
    /// <exception cref="DigitFileException">There is no such file, it is no gzip, has less than two lines, ends early, or its text is above <see cref="MaximumText"/>.</exception>
    public static DigitFile Read(string path, bool acceptTruncated)
    {
        try
        {
            using var packed = File.OpenRead(path);
            CheckHeader(path, packed);
            using var text = new MemoryStream();
            var truncation = Unpack(path, packed, text);
            if (truncation is not null && !acceptTruncated)
                throw truncation;
            var length = truncation is null ? (int)text.Length : WholeLines(text);
            var file = new DigitFile(path, text.GetBuffer(), length, truncation);
            return file.Lines >= FewestLines
                ? file
                : throw new DigitFileException($"{truncation?.Message ?? $"{path} is too short."} There {(file.Lines == 1 ? "is 1 line" : "are 0 lines")}; at least {FewestLines} are needed, to train on and to test.", truncation);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new DigitFileException($"{path} can't be read: {wrong.Message}", wrong);
        }
    }

    private static void CheckHeader(string path, FileStream packed)
    {
        Span<byte> header = stackalloc byte[2];
        var length = packed.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (length == 0)
            throw new DigitFileException($"{path} is empty: it has 0 bytes.");
        if (!header.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            throw new DigitFileException($"{path} is no gzip file: it begins with the bytes {Convert.ToHexString(header[..length])}, and a gzip file with 1F8B.");
        packed.Position = 0;
    }

    /// <summary>Unpacks until the end, or until the data is damaged; says which.</summary>
    private static DigitFileException? Unpack(string path, Stream packed, MemoryStream text)
    {
        try
        {
            using (var unpacked = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true))
            {
                var buffer = new byte[1 << 16];
                for (int count; (count = unpacked.Read(buffer)) > 0;)
                {
                    if (text.Length + count > MaximumText)
                        throw new DigitFileException($"{path} has more than {MaximumText:N0} bytes of text, the most that is kept in memory.");
                    text.Write(buffer, 0, count);
                }
            }
            return GzipEnd.IsWhole(packed, text.Length)
                ? null
                : new DigitFileException($"{path}, line {LineAtEnd(text)}: the gzip data ends early, after {text.Length:N0} bytes of text.");
        }
        catch (InvalidDataException damaged)
        {
            return new DigitFileException(
                $"{path}, line {LineAtEnd(text)}: the gzip data is damaged here or before, after {text.Length:N0} bytes of text.", damaged);
        }
    }

    private static int LineAtEnd(MemoryStream text) => text.GetBuffer().AsSpan(0, (int)text.Length).Count((byte)'\n') + 1;

    private static int WholeLines(MemoryStream text) => text.GetBuffer().AsSpan(0, (int)text.Length).LastIndexOf((byte)'\n') + 1;
}
