using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>Store, then load another word (Dekker): the pattern of publish-then-look-for-a-parked-consumer.</summary>
public class StoreBufferingTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_WithoutFence_BothMissTheOther(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model }, Dekker(() => { }, () => { }));

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_FenceOnOneSideOnly_BothMissTheOther(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model }, Dekker(() => { }, ModelAtomics.FullFence));

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_WithFences_OneSeesTheOther(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 }, Dekker(ModelAtomics.FullFence, ModelAtomics.FullFence));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_BarrierOnOneSideOnly_OneSeesTheOther(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 }, Dekker(() => { }, ModelAtomics.ProcessWideBarrier));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_ReadModifyWriteAsFence_OneSeesTheOther(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.Add(ref state.X, 1); state.Observe(0, ref state.Y); },
                state => { ModelAtomics.CompareExchange(ref state.Y, 1, 0); state.Observe(1, ref state.X); },
            ],
            state => Assert.False(state.BothSawNothing));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_RandomMode_BothMissTheOther(MemoryModel model)
    {
        var options = new ModelOptions { Model = model, Random = true, Seed = 42, MaxExecutions = 10_000 };

        var failure = Model.Find(options, Dekker(() => { }, () => { }));

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
        Assert.Equal(42ul, failure!.Seed);
        Assert.StartsWith("r:", failure.Schedule, StringComparison.Ordinal);
        var again = Assert.Throws<ModelFailure>(
            () => Model.Replay(options, Dekker(() => { }, () => { }), failure.Schedule));
        Assert.Equal(failure.Trace, again.Trace);
    }

    /// <summary>Two stores of one thread must not pass each other: nobody may see the second without the first.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void TwoStores_SeenByAnother_KeepTheirOrder(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10, StaleReads = 4 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); ModelAtomics.StoreRelease(ref state.Y, 1); },
                state => { state.Observe(0, ref state.Y); state.Observe(1, ref state.X); },
            ],
            state => Assert.False(state.Seen[0] == 1 && state.Seen[1] == 0));

        Assert.True(report.Complete);
    }

    private static Scenario<Words> Dekker(Action first, Action second) => new(
        memory => new Words(memory),
        [
            state => { ModelAtomics.StoreRelease(ref state.X, 1); first(); state.Observe(0, ref state.Y); },
            state => { ModelAtomics.StoreRelease(ref state.Y, 1); second(); state.Observe(1, ref state.X); },
        ],
        state => Assert.False(state.BothSawNothing));
}
