namespace Psyne.Flow.Peers.Model;

/// <summary>One contestant in one case, set up and ready to run rounds. Rounds of all subjects of a case are interleaved.</summary>
internal abstract class Subject : IDisposable
{
    /// <summary>The smallest round worth running; also where the calibration starts.</summary>
    public virtual long LeastMessages => 1;

    /// <summary>A round is a multiple of this, so that every producer writes the same share.</summary>
    public virtual long Multiple => 1;

    /// <summary>Runs one round of <paramref name="messages"/> messages and verifies it.</summary>
    public abstract Round Run(long messages);

    public void Dispose() => Free();

    /// <summary>Gives back what the subject holds, after the last round of its case.</summary>
    protected virtual void Free()
    {
    }
}
