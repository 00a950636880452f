using System.Buffers.Text;
using System.IO.Compression;
using Psyne.Flow;

/// <summary>The data as text: a line for each image, 64 pixels and the label between commas.</summary>
internal sealed class DigitFile(byte[] text)
{
    public int Images { get; } = text.AsSpan().Count((byte)'\n');

    public static DigitFile Read(string path)
    {
        using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var text = new MemoryStream();
        unpacked.CopyTo(text);
        return new DigitFile(text.ToArray());
    }

    /// <summary>Publishes all images once. Each is parsed straight into its slot; the last quarter is held out.</summary>
    public void PublishTo(SlabWriter<DigitImage> writer)
    {
        ReadOnlySpan<byte> rest = text;
        for (int i = 0; i < Images; i++)
        {
            using var claim = writer.Claim();
            ref DigitImage image = ref claim.Value;
            foreach (ref byte pixel in (Span<byte>)image.Pixels)
                pixel = ReadNumber(ref rest);
            image.Label = ReadNumber(ref rest);
            image.IsHeldOut = i >= Images * 3 / 4;
            claim.Publish();
        }
    }

    /// <summary>Reads a number and steps over it and the comma or line end behind it.</summary>
    private static byte ReadNumber(ref ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out byte number, out int length) || length == text.Length)
            throw new InvalidDataException($"No number from 0 to 255 stands {text.Length} bytes before the end of the data.");
        text = text[(length + 1)..];
        return number;
    }
}
