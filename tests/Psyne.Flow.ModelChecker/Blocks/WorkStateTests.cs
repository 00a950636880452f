using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>WorkState: no request is lost, and no two runs go on at once.</summary>
public class WorkStateTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkState_RequestsRaceWithRuns_EveryMessageIsTaken(MemoryModel model) =>
        Exploration.Explore(output, model, 2, Requests<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkState_WithoutAtomicity_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Livelock, Exploration.Find(output, model, 2, Requests<Mutant<WorkStateWithoutAtomicity>>()).Kind);

    private static Scenario<RequestedWork<TAtomics>> Requests<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new RequestedWork<TAtomics>(memory, 2),
        [
            work => work.Ask(0),
            work => work.Ask(1),
            work => work.Serve(),
            work => work.Serve(),
        ],
        work => work.CheckAllTaken());
}
