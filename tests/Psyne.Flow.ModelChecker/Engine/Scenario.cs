namespace Psyne.Flow.ModelChecking;

/// <summary>A scenario made of delegates over one state object, built anew for every execution.</summary>
internal sealed class Scenario<TState>(
    Func<ModelMemory, TState> setup, Action<TState>[] threads, Action<TState>? after = null) : IScenario
{
    private TState _state = default!;

    public int Threads => threads.Length;

    public void Setup(ModelMemory memory) => _state = setup(memory);

    public void Run(int thread) => threads[thread](_state);

    public void Finally() => after?.Invoke(_state);
}
