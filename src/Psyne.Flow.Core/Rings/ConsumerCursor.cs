using System.Runtime.InteropServices;
using Psyne.Flow.Memory;
using Psyne.Flow.Waiting;

namespace Psyne.Flow.Rings;

/// <summary>What a sequential consumer alone writes, on lines of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine.Padding)]
internal struct ConsumerCursor
{
    /// <summary>The position of the next message to take.</summary>
    [FieldOffset(CacheLine.Padding)] internal long Taken;

    /// <summary>The one position whose release needs nothing but this word: every one before it was released, and none after it. -1 while some after it were.</summary>
    [FieldOffset(CacheLine.Padding + 8)] internal long NextRelease;

    /// <summary>Every position before it was released; kept only while <see cref="NextRelease"/> is -1.</summary>
    [FieldOffset(CacheLine.Padding + 16)] internal long Released;

    /// <summary>Positions released ahead of <see cref="Released"/>.</summary>
    [FieldOffset(CacheLine.Padding + 24)] internal long Early;

    /// <summary>Every position before it is known to be published.</summary>
    [FieldOffset(CacheLine.Padding + 32)] internal long Known;

    /// <summary>Whether a consumer that found nothing does well to pause.</summary>
    [FieldOffset(CacheLine.Padding + 40)] internal TrafficGauge Traffic;
}
