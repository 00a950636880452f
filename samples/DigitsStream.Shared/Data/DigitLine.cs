using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Psyne.Flow.Samples.Digits;

/// <summary>One line of the file as it was read, on the slab. The first message of the pipeline.</summary>
/// <remarks>With more than 256 B it lies in a slot of its own, and goes from the channel to the first block without a copy.</remarks>
public struct DigitLine
{
    /// <summary>The most bytes of a line: 65 numbers of up to two digits and their commas have 194.</summary>
    public const int MaximumLength = 256;

    private Text _text;
    private int _length;

    /// <summary>Which line of the file it is; the first is 1.</summary>
    public int Number;

    /// <summary>Whether it belongs to the last quarter, which is for the test and not for training.</summary>
    public bool IsHeldOut;

    /// <summary>How many bytes the line has in the file. Above <see cref="MaximumLength"/> the message has only their beginning.</summary>
    public readonly int Length => _length;

    /// <summary>The line's bytes, without its end.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_text)[..Math.Min(_length, MaximumLength)];

    /// <summary>All of the message's room: the line, and behind it whatever lay there before.</summary>
    [UnscopedRef]
    internal readonly ReadOnlySpan<byte> Room => _text;

    /// <summary>Writes the whole message.</summary>
    public void Fill(ReadOnlySpan<byte> line, int number, bool isHeldOut)
    {
        line[..Math.Min(line.Length, MaximumLength)].CopyTo(_text);
        _length = line.Length;
        Number = number;
        IsHeldOut = isHeldOut;
    }

    [InlineArray(MaximumLength)]
    private struct Text
    {
        private byte _first;
    }
}
