namespace Psyne.Flow.Peers.Work;

/// <summary>How the blocks of a case are linked.</summary>
internal enum GraphKind
{
    /// <summary>Source, transforms, action.</summary>
    Pipeline,

    /// <summary>Every target sees every message.</summary>
    FanOut,

    /// <summary>Source, batch, action.</summary>
    Batch,

    /// <summary>Two sources with the same messages, join, action.</summary>
    Join,
}
