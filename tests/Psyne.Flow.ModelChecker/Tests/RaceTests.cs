using System.Runtime.InteropServices;
using Xunit;

namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>Plain data is safe only behind a happens-before, and the checker says where it isn't.</summary>
public class RaceTests
{
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void MessagePassing_ReleaseAndAcquire_Passes(MemoryModel model)
    {
        var received = 0;
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 7L); ModelAtomics.StoreRelease(ref state.X, 1); },
                state =>
                {
                    if (ModelAtomics.LoadAcquire(ref state.X) == 1)
                    {
                        Assert.Equal(7L, ModelAtomics.LoadPlain(ref state.Data));
                        received++;
                    }
                },
            ]);

        Assert.True(report.Complete);
        Assert.True(received > 0);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void MessagePassing_PlainFlagStore_IsARace(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 7L); ModelAtomics.StorePlain(ref state.X, 1L); },
                state => _ = ModelAtomics.LoadAcquire(ref state.X),
            ]);

        Assert.Equal(FailureKind.Race, failure?.Kind);
        Assert.Contains("on x", failure!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void MessagePassing_FlagNotLookedAt_IsARaceAndNamesBothSites(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 7L); ModelAtomics.StoreRelease(ref state.X, 1); },
                state => ReadWithoutLooking(state),
            ]);

        Assert.Equal(FailureKind.Race, failure?.Kind);
        Assert.Contains("on data", failure!.Reason, StringComparison.Ordinal);
        Assert.Contains("StorePlain data[0] <- 7", failure.Reason, StringComparison.Ordinal);
        Assert.Contains("LoadPlain data[0]", failure.Reason, StringComparison.Ordinal);
        Assert.Contains(nameof(ReadWithoutLooking), failure.Reason, StringComparison.Ordinal);
    }

    /// <summary>A fence orders what a thread sees; it makes no other thread's plain data its own.</summary>
    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void PlainData_BehindFencesOnly_IsARace(MemoryModel model)
    {
        var failure = Model.Find(
            new ModelOptions { Model = model },
            memory => new Words(memory),
            [
                state => { ModelAtomics.StorePlain(ref state.Data, 7L); ModelAtomics.FullFence(); },
                state => { ModelAtomics.FullFence(); _ = ModelAtomics.LoadPlain(ref state.Data); },
            ]);

        Assert.Equal(FailureKind.Race, failure?.Kind);
    }

    [Fact]
    public void PlainData_NeighbouringBytes_AreApart()
    {
        static unsafe ref byte At(Words state, int index) =>
            ref MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref state.Data, 1))[index];

        var report = Model.Check(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => ModelAtomics.StorePlain(ref At(state, 3), (byte)1),
                state => ModelAtomics.StorePlain(ref At(state, 4), (byte)2),
            ],
            state => Assert.Equal(0x02_01_000000L, state.Data));

        Assert.True(report.Complete);
    }

    [Fact]
    public void PlainData_WideStoreOverlapsANarrowOne_IsARace()
    {
        var failure = Model.Find(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => ModelAtomics.StorePlain(ref MemoryMarshal.Cast<long, Int128>(
                    MemoryMarshal.CreateSpan(ref state.Data, 2))[0], (Int128)1),
                state => ModelAtomics.StorePlain(ref state.MoreData, 2L),
            ]);

        Assert.Equal(FailureKind.Race, failure?.Kind);
    }

    [Theory]
    [InlineData(MemoryModel.Weak)]
    [InlineData(MemoryModel.Tso)]
    public void OwnWord_ReadPlainByItsOnlyWriter_Passes(MemoryModel model)
    {
        // The usual shortcut: only the producer stores the sequence, so it reads it back without an acquire.
        var report = Model.Check(
            new ModelOptions { Model = model, Preemptions = 10 },
            memory => new Words(memory),
            [
                state =>
                {
                    ModelAtomics.StoreRelease(ref state.X, 1);
                    Assert.Equal(1L, ModelAtomics.LoadPlain(ref state.X));
                    ModelAtomics.StoreRelease(ref state.X, ModelAtomics.LoadPlain(ref state.X) + 1);
                },
                state => Assert.InRange(ModelAtomics.LoadAcquire(ref state.X), 0, 2),
            ],
            state => Assert.Equal(2, state.X));

        Assert.True(report.Complete);
    }

    [Fact]
    public void AtomicWord_UsedInTwoWidths_IsMisuse()
    {
        var failure = Model.Find(
            new ModelOptions(),
            memory => new Words(memory),
            [
                state => ModelAtomics.StoreRelease(ref state.X, 1),
                state => ModelAtomics.StoreRelease(ref MemoryMarshal.Cast<long, int>(
                    MemoryMarshal.CreateSpan(ref state.X, 1))[1], 1),
            ]);

        Assert.Equal(FailureKind.Misuse, failure?.Kind);
    }

    private static void ReadWithoutLooking(Words state) => _ = ModelAtomics.LoadPlain(ref state.Data);
}
