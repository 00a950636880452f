namespace Psyne.Flow.ModelChecking;

/// <summary>What is being chosen: random mode draws each kind with its own odds.</summary>
internal enum ChoiceKind
{
    /// <summary>Who goes on when the running thread can't or doesn't want to.</summary>
    Switch,

    /// <summary>Whether the running thread goes on.</summary>
    Preemption,

    /// <summary>What a load sees, or which buffered stores came before it.</summary>
    Stale,

    /// <summary>Whether the crashing thread ends here.</summary>
    Crash,

    /// <summary>Whom a wake reaches, or a choice that the scenario makes.</summary>
    Other,
}
