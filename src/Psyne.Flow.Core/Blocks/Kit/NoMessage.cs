namespace Psyne.Flow.Blocks;

/// <summary>The third of a pair.</summary>
internal readonly struct NoMessage;
