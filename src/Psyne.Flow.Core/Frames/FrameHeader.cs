namespace Psyne.Flow.Frames;

/// <summary>What stands before the bytes of a frame.</summary>
/// <remarks>
/// <code>
/// +0  length  int   bytes of the frame, 0 to the channel's maximum
/// +4          int   0
/// +8  bytes
/// </code>
/// </remarks>
internal static class FrameHeader
{
    internal const int Size = 8;
}
