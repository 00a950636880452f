namespace Psyne.Flow.Waiting;

/// <summary>Somebody who wants to be told once, without a thread that sleeps.</summary>
internal abstract class WaitNode
{
    internal WaitNode? Next;
    internal WaitNode? Previous;
    internal bool Listed;

    /// <summary>Called once after the node was taken off the list, outside locks. Must be quick and not throw.</summary>
    internal abstract void Signal();
}
