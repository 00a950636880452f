namespace Psyne.Flow.Blocks;

/// <summary>The last thing that is done about an error.</summary>
internal enum BlockErrorAction
{
    Fault,
    Skip,
    DeadLetter,
}
