using System.Runtime.InteropServices;

namespace Psyne.Flow.Tests.Contracts;

/// <summary>Messages by number: the number, and behind it words made of it, so that a torn or overwritten message is noticed.</summary>
internal static class Payload
{
    internal static void Fill(Span<byte> payload, long number)
    {
        MemoryMarshal.Write(payload, number);
        var words = MemoryMarshal.Cast<byte, long>(payload);
        for (var i = 1; i < words.Length; i++)
            words[i] = Word(number, i);
        for (var i = words.Length * sizeof(long); i < payload.Length; i++)
            payload[i] = (byte)Word(number, i);
    }

    /// <summary>The number of a message, once every byte of it was looked at.</summary>
    internal static long Read(ReadOnlySpan<byte> payload)
    {
        var number = MemoryMarshal.Read<long>(payload);
        var words = MemoryMarshal.Cast<byte, long>(payload);
        for (var i = 1; i < words.Length; i++)
            if (words[i] != Word(number, i))
                throw new InvalidDataException($"Message {number} ({number:x}) is torn: word {i} of {words.Length} is {words[i]:x}, not {Word(number, i):x}.");
        for (var i = words.Length * sizeof(long); i < payload.Length; i++)
            if (payload[i] != (byte)Word(number, i))
                throw new InvalidDataException($"Message {number} is torn: byte {i} of {payload.Length} is {payload[i]:x}.");
        return number;
    }

    private static long Word(long number, int index) => (number + 1) * -7046029254386353131 + index * 0x632BE59BD9B4E019;
}
