namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Explores the executions of a small concurrent program that is generic over its atomics, run on
/// <see cref="ModelAtomics"/>.
/// </summary>
/// <example>
/// <code>
/// unsafe
/// {
///     Model.Check(new ModelOptions { Model = MemoryModel.Tso },
///         memory => new Counter(memory.Longs(1, "count")),
///         [state => state.Increment(), state => state.Increment()],
///         state => Assert.Equal(2, state.Value));
/// }
/// </code>
/// </example>
internal static class Model
{
    /// <summary>The thread that has crashed in the current execution, or -1; for the after-check.</summary>
    public static int CrashedThread => Execution.Required.CrashedThread;

    /// <summary>Runs executions until the space is exhausted or a limit is reached.</summary>
    /// <exception cref="ModelFailure">The first bad execution.</exception>
    public static ModelReport Check(ModelOptions options, IScenario scenario)
    {
        using var explorer = new Explorer(options, scenario);
        return explorer.Explore();
    }

    /// <inheritdoc cref="Check(ModelOptions, IScenario)"/>
    public static ModelReport Check<TState>(
        ModelOptions options, Func<ModelMemory, TState> setup, Action<TState>[] threads, Action<TState>? after = null) =>
        Check(options, new Scenario<TState>(setup, threads, after));

    /// <summary>As <see cref="Check(ModelOptions, IScenario)"/>, but returns the failure: for seeded bugs. Null if there is none.</summary>
    public static ModelFailure? Find(ModelOptions options, IScenario scenario)
    {
        try
        {
            Check(options, scenario);
            return null;
        }
        catch (ModelFailure failure)
        {
            return failure;
        }
    }

    /// <inheritdoc cref="Find(ModelOptions, IScenario)"/>
    public static ModelFailure? Find<TState>(
        ModelOptions options, Func<ModelMemory, TState> setup, Action<TState>[] threads, Action<TState>? after = null) =>
        Find(options, new Scenario<TState>(setup, threads, after));

    /// <summary>Runs the one execution of a failure's schedule; the options must be those it was found with.</summary>
    /// <exception cref="ModelFailure">The execution is (still) bad.</exception>
    public static void Replay(ModelOptions options, IScenario scenario, string schedule)
    {
        using var explorer = new Explorer(options, scenario);
        explorer.Replay(schedule);
    }

    /// <summary>A choice of the scenario's own, 0 to <paramref name="count"/> - 1, explored like all others.</summary>
    public static int Choose(int count) => Execution.Required.ChooseForScenario(count);

    /// <summary>
    /// Whether a thread has finished or crashed, as the operating system would tell (a lock held for life is free): a
    /// step, and if true everything the thread did is visible to the caller.
    /// </summary>
    public static bool HasEnded(int thread) => Execution.Required.HasEnded(thread);
}
