namespace Psyne.Flow.Blocks;

/// <summary>What happens to a message whose delegate threw.</summary>
internal enum RetryAnswer
{
    /// <summary>The delegate is called for it again at once.</summary>
    Again,

    /// <summary>The delegate is called for it again after a while; the worker is woken then, and nothing overtakes it.</summary>
    Later,

    /// <summary>It was tried often enough.</summary>
    GiveUp,
}
