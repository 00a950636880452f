using System.Buffers.Binary;
using System.IO.Compression;

namespace Psyne.Flow.Samples.Digits;

/// <summary>Tells whether gzip data is whole. <see cref="GZipStream"/> doesn't: where its input stops, its output does.</summary>
internal static class GzipEnd
{
    private const int SmallestFile = 18; // header, checksum and length of text

    /// <summary>Whether a file that was unpacked without an error was there to its end.</summary>
    /// <param name="packed">The file, which can be read again.</param>
    /// <param name="textLength">The bytes that it unpacked to.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static bool IsWhole(Stream packed, long textLength)
    {
        if (packed.Length < SmallestFile)
            return false;
        Span<byte> end = stackalloc byte[sizeof(uint)];
        packed.Seek(-end.Length, SeekOrigin.End);
        packed.ReadExactly(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)textLength || EndsAtAMember(packed, textLength);
    }

    /// <summary>
    /// Gzip files that were joined end to end are one gzip file, whose last length is that of its last part. One more part
    /// is joined to it here: it comes out only if the part before is whole.
    /// </summary>
    private static bool EndsAtAMember(Stream packed, long textLength)
    {
        var mark = Guid.NewGuid().ToByteArray();
        using var joined = new MemoryStream();
        packed.Position = 0;
        packed.CopyTo(joined);
        using (var part = new GZipStream(joined, CompressionMode.Compress, leaveOpen: true))
            part.Write(mark);
        joined.Position = 0;
        using var unpacked = new GZipStream(joined, CompressionMode.Decompress);
        try
        {
            var buffer = new byte[1 << 16];
            long length = 0;
            var last = new byte[mark.Length];
            for (int count; (count = unpacked.Read(buffer)) > 0; length += count)
                last = [.. last.Concat(buffer.Take(count)).TakeLast(mark.Length)];
            return length == textLength + mark.Length && last.AsSpan().SequenceEqual(mark);
        }
        catch (InvalidDataException)
        {
            return false; // without the part it came out in order, so it is the part that can't be read: the file has no end
        }
    }
}
