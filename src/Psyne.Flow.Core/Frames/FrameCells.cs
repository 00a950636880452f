using System.Runtime.InteropServices;

namespace Psyne.Flow.Frames;

// Slots for short frames that lie in the ring itself. With the slot's word each fills 32, 64, 128 or 256 bytes.

[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct FrameCell24 { private readonly long _header; }

[StructLayout(LayoutKind.Sequential, Size = 56)]
internal struct FrameCell56 { private readonly long _header; }

[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct FrameCell120 { private readonly long _header; }

[StructLayout(LayoutKind.Sequential, Size = 248)]
internal struct FrameCell248 { private readonly long _header; }
