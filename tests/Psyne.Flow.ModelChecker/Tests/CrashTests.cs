using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>A thread that ends at any step: what it leaves must be recoverable, and must block nobody.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Crash_AtEveryStep_LeavesEveryPrefix(MemoryModel model)
    {
        var left = new HashSet<(long, long, int)>();
        var report = Model.Check(
            new ModelOptions { Model = model, CrashThread = 0 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 1L); ModelAtomics.StoreRelease(ref state.X, 1); },
                state =>
                {
                    if (ModelAtomics.LoadAcquire(ref state.X) == 1)
                    {
                        Assert.Equal(1L, ModelAtomics.LoadPlain(ref state.Data));
                    }
                },
            ],
            state => left.Add((state.Data, state.X, Model.CrashedThread)));

        Assert.True(report.Complete);
        Assert.Equal([(0, 0, 0), (1, 0, 0), (1, 1, -1)], left.Order());
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Crash_OfALockHolder_BlocksTheOther(MemoryModel model)
    {
        var failure = Model.Find(new ModelOptions { Model = model, CrashThread = 0 }, Lock(recovers: false));

        Assert.Equal(FailureKind.Livelock, failure?.Kind);
        Assert.Contains("T0 has crashed", failure!.Reason, StringComparison.Ordinal);
        Assert.Contains("(crashes)", failure.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void Crash_OfALockHolderThatIsNoticed_IsRecovered(MemoryModel model)
    {
        var report = Model.Check(new ModelOptions { Model = model, CrashThread = 0 }, Lock(recovers: true));

        Assert.True(report.Complete);
    }

    [Fact]
    public void Crash_InsideAFinallyBlock_RunsNoMoreOfIt()
    {
        var report = Model.Check(
            new ModelOptions { CrashThread = 0 },
            memory => new Words(memory),
            [
                state =>
                {
                    try
                    {
                        ModelAtomics.StoreRelease(ref state.X, 1);
                        ModelAtomics.StoreRelease(ref state.X, 2);
                    }
                    finally
                    {
                        ModelAtomics.StoreRelease(ref state.Y, 1);
                    }
                },
            ],
            state => Assert.True(state.Y == 0 || Model.CrashedThread == -1));

        Assert.Equal(4, report.Executions);
    }

    private static Scenario<Words> Lock(bool recovers) => new(
        memory => new Words(memory),
        [
            state => { Acquire(state, 1, other: 2, recovers: false); AddToData(state); Release(state); },
            state => { Acquire(state, 2, other: 1, recovers); AddToData(state); Release(state); },
        ],
        state => Assert.InRange(state.Data, Model.CrashedThread < 0 ? 2 : 1, 2));

    private static void Acquire(Words state, long self, long other, bool recovers)
    {
        while (ModelAtomics.CompareExchange(ref state.X, self, 0) != 0)
        {
            if (recovers && Model.HasEnded(0) && ModelAtomics.CompareExchange(ref state.X, self, other) == other)
            {
                return;
            }

            ModelAtomics.Pause();
        }
    }

    private static void AddToData(Words state) => ModelAtomics.StorePlain(ref state.Data, ModelAtomics.LoadPlain(ref state.Data) + 1);

    private static void Release(Words state) => ModelAtomics.StoreRelease(ref state.X, 0);
}
