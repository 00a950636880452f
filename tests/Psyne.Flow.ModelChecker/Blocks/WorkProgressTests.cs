using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Blocks;

/// <summary>WorkProgress: what the watch shows in the middle of a batch is finished.</summary>
public class WorkProgressTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkProgress_WatchInABatch_ShowsFinishedMessages(MemoryModel model) =>
        Exploration.Explore(output, model, 3, Run<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkProgress_ReadBeforeTheLock_ShowsTheNextBatchesMessages(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 3, Run<ModelAtomics>(beforeTheLock: true)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkProgress_WithoutRelease_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 3, Run<Mutant<ProgressWithoutRelease>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkProgress_WithoutAcquire_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, 3, Run<Mutant<ProgressWithoutAcquire>>()).Kind);

    private static Scenario<ResultRun<TAtomics>> Run<TAtomics>(bool beforeTheLock = false) where TAtomics : struct, IAtomics => new(
        memory => new ResultRun<TAtomics>(memory, batches: 2, batch: 2) { LooksBeforeTheLock = beforeTheLock },
        [run => run.Work(), run => run.Watch()]);
}
