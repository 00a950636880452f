namespace Psyne.Flow.ModelChecking;

/// <summary>
/// A program of a few threads, run once for every explored execution. It must be deterministic but for what the
/// checker decides: no clocks, no random numbers, no state that outlives an execution.
/// </summary>
internal interface IScenario
{
    /// <summary>How many logical threads run, at most <see cref="LogicalThread.MaxThreads"/>.</summary>
    int Threads { get; }

    /// <summary>Builds fresh state, before the threads start; all of them see it.</summary>
    void Setup(ModelMemory memory);

    /// <summary>The body of one logical thread.</summary>
    void Run(int thread);

    /// <summary>Checks (after a crash: recovers and checks) when no thread runs any more; sees everything they did.</summary>
    void Finally();
}
