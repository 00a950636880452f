using System.Runtime.InteropServices;
using Psyne.Flow.Memory;

namespace Psyne.Flow.Rings;

/// <summary>What a sequential consumer alone writes, on lines of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * CacheLine.Padding)]
internal struct ConsumerCursor
{
    /// <summary>The position of the next message to take.</summary>
    [FieldOffset(CacheLine.Padding)] internal long Taken;

    /// <summary>Every position before it was released; never above <see cref="Taken"/>.</summary>
    [FieldOffset(CacheLine.Padding + 8)] internal long Released;

    /// <summary>Positions released ahead of <see cref="Released"/>.</summary>
    [FieldOffset(CacheLine.Padding + 16)] internal long Early;

    /// <summary><see cref="Taken"/> when the ring was last found empty: tells thick traffic from thin.</summary>
    [FieldOffset(CacheLine.Padding + 24)] internal long LastEmpty;
}
