using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>Litmus tests that say what else the two models give, and what they don't.</summary>
public class OrderingTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Coherence_TwoLoadsOfOneWord_NeverGoBack(MemoryModel model)
    {
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10, StaleReads = 4 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); ModelAtomics.StoreRelease(ref state.X, 2); },
                state => { state.Observe(0, ref state.X); state.Observe(1, ref state.X); },
            ],
            state => Assert.True(state.Seen[0] <= state.Seen[1]));

        Assert.True(report.Complete);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Coherence_OwnStore_IsSeenAtOnce(MemoryModel model)
    {
        Model.Check(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state =>
                {
                    ModelAtomics.StoreRelease(ref state.X, 1);
                    state.Observe(0, ref state.X);
                    Assert.NotEqual(0, state.Seen[0]);
                },
                state => ModelAtomics.StoreRelease(ref state.X, 2),
            ]);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StaleLoad_OfAWordStoredEarlier_IsExplored(MemoryModel model)
    {
        // A load may miss a store that was executed before it, for longer than one other step.
        var missed = false;
        Model.Check(
            new ModelOptions { Model = model, Preemptions = 0 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); state.Seen[7] = 1; },
                state =>
                {
                    var stored = state.Seen[7] == 1;
                    state.Observe(0, ref state.X);
                    missed |= stored && state.Seen[0] == 0;
                },
            ]);

        Assert.True(missed);
    }

    /// <summary>
    /// Independent reads of independent writes. .NET promises no single order of stores for acquire loads, so the weak
    /// model lets two readers disagree (arm64 itself wouldn't); x86 doesn't.
    /// </summary>
    [Theory]
    [InlineData(MemoryModel.Weak, true)]
    [InlineData(MemoryModel.Tso, false)]
    public void IndependentReads_WithoutFences_DisagreeOnlyUnderWeak(MemoryModel model, bool canDisagree)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model }, IndependentReads(() => { }));

        Assert.Equal(canDisagree, failure is not null);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void IndependentReads_WithFences_Agree(MemoryModel model)
    {
        var report = Model.Check(new ModelOptions { Model = model }, IndependentReads(ModelAtomics.FullFence));

        Assert.True(report.Complete);
    }

    /// <summary>Not modelled, as the README says: a load never takes its value from a store that comes later.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void LoadBuffering_IsNeverSeen(MemoryModel model)
    {
        Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 },
            memory => new Words(memory),
            [
                state => { state.Observe(0, ref state.X); ModelAtomics.StoreRelease(ref state.Y, 1); },
                state => { state.Observe(1, ref state.Y); ModelAtomics.StoreRelease(ref state.X, 1); },
            ],
            state => Assert.False(state.Seen[0] == 1 && state.Seen[1] == 1));
    }

    private static Scenario<Words> IndependentReads(Action fence) => new(
        memory => new Words(memory),
        [
            state => ModelAtomics.StoreRelease(ref state.X, 1),
            state => ModelAtomics.StoreRelease(ref state.Y, 1),
            state => { state.Observe(0, ref state.X); fence(); state.Observe(1, ref state.Y); },
            state => { state.Observe(2, ref state.Y); fence(); state.Observe(3, ref state.X); },
        ],
        state => Assert.False(state.Seen is [1, 0, 1, 0, ..]));
}
