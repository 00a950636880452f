namespace Psyne.Flow.ModelChecking;

/// <summary>Where a logical thread stands between two of its steps.</summary>
internal enum ThreadStatus
{
    /// <summary>Can take its next step (or its first).</summary>
    Ready,

    /// <summary>In Pause: waits until somebody else has stored something.</summary>
    Paused,

    /// <summary>In Park: waits for an Unpark or its timeout.</summary>
    Parked,

    Finished,

    Crashed,
}
