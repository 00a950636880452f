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

    /// <summary>Two words stored by two threads in opposite order (2+2W): at most one of the first stores survives.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void CrossedStores_InOppositeOrder_LeaveNoCycle(MemoryModel model)
    {
        var left = new HashSet<(long, long)>();
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10, StaleReads = 10 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); ModelAtomics.StoreRelease(ref state.Y, 2); },
                state => { ModelAtomics.StoreRelease(ref state.Y, 1); ModelAtomics.StoreRelease(ref state.X, 2); },
            ],
            state => left.Add((state.X, state.Y)));

        Assert.True(report.Complete);
        Assert.Equal([(1, 2), (2, 1), (2, 2)], left.Order());
    }

    /// <summary>A store that came last may still be followed by a load that misses an earlier store (R).</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_AfterWinningTheLastStore_MayMissTheFirst(MemoryModel model)
    {
        var seen = false;
        Model.Check(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StoreRelease(ref state.X, 1); ModelAtomics.StoreRelease(ref state.Y, 1); },
                state => { ModelAtomics.StoreRelease(ref state.Y, 2); state.Observe(0, ref state.X); },
            ],
            state => seen |= state.Y == 2 && state.Seen[0] == 0);

        Assert.True(seen);
    }

    /// <summary>Looking at the own store is no fence: it is forwarded from the buffer.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void StoreThenLoad_OwnStoreLookedAtFirst_BothMissTheOther(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state =>
                {
                    ModelAtomics.StoreRelease(ref state.X, 1);
                    state.Observe(2, ref state.X);
                    state.Observe(0, ref state.Y);
                },
                state =>
                {
                    ModelAtomics.StoreRelease(ref state.Y, 1);
                    state.Observe(3, ref state.Y);
                    state.Observe(1, ref state.X);
                },
            ],
            state => Assert.False(state.BothSawNothing));

        Assert.Equal(FailureKind.Assertion, failure?.Kind);
    }

    /// <summary>What one thread passes on to a second, and that to a third, the third sees whole.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void MessagePassing_ThroughAThirdThread_IsTransitive(MemoryModel model)
    {
        var arrived = 0;
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 3 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 7L); ModelAtomics.StoreRelease(ref state.X, 1); },
                state =>
                {
                    if (ModelAtomics.LoadAcquire(ref state.X) == 1)
                    {
                        ModelAtomics.StoreRelease(ref state.Y, 1);
                    }
                },
                state =>
                {
                    if (ModelAtomics.LoadAcquire(ref state.Y) == 1)
                    {
                        Assert.Equal(7L, ModelAtomics.LoadPlain(ref state.Data));
                        Assert.Equal(1L, ModelAtomics.LoadAcquire(ref state.X));
                        arrived++;
                    }
                },
            ]);

        Assert.True(report.Complete);
        Assert.True(arrived > 0);
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
