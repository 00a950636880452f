using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>RunWord: handles of a run end once, and the last one's end gives the run back when everybody has read it.</summary>
public class RunWordTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void RunWord_HandlesEndWhileTheBuilderCloses_OneGivesItBack(MemoryModel model) =>
        Exploration.Explore(output, model, null, Run<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void RunWord_WithoutCompareExchange_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, Run<Mutant<RunWithoutAtomicity>>()).Kind);

    // The first handle has a holder, the second one two copies that are both disposed.
    private static Scenario<SharedRun<TAtomics>> Run<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new SharedRun<TAtomics>(memory),
        [
            run => run.ReadAndEnd(0),
            run => run.End(1),
            run =>
            {
                run.Close();
                run.End(1);
            },
        ],
        run => run.Check());
}
