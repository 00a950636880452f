namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The messages of one test: numbers in whatever the blocks pass on, each made once and given back once.</summary>
public abstract class Messages<T>
{
    public abstract T Make(int value);

    /// <summary>The number; the message stays whose it is.</summary>
    public abstract int Read(T message);

    public abstract void Free(T message);

    /// <summary>Made and not yet given back; 0 for messages that nobody has to give back.</summary>
    public abstract int Live { get; }

    /// <summary>By how much one message raises <see cref="Live"/>.</summary>
    public virtual int Weight => 1;

    /// <summary>Whether what a block dropped comes back by itself (rule P2).</summary>
    public virtual bool ReclaimsDropped => false;

    /// <summary>Waits until what was dropped has come back; a leaf with finalizers collects here.</summary>
    public virtual void Reclaim() { }

    public int Take(T message)
    {
        int value = Read(message);
        Free(message);
        return value;
    }
}
