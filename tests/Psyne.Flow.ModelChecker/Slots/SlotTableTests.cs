using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Psyne.Flow.Slots;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>SlotTable with generations of two bits: claims, shares, and the free list.</summary>
public class SlotTableTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_LivesOfOneSlot_OneOwnerAtATime(MemoryModel model) =>
        Exploration.Explore(output, model, null, Lives<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_FreeListChangesHands_NoSlotTwiceOrLost(MemoryModel model) =>
        Exploration.Explore(output, model, null, FreeList<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_LeaseRetainedWhileReleased_PayloadStaysUntilTheLast(MemoryModel model) =>
        Exploration.Explore(output, model, 2, new Scenario<SlotPoolModel<ModelAtomics>>(
            memory => new SlotPoolModel<ModelAtomics>(memory, 1).WithLease(),
            [
                pool =>
                {
                    Assert.True(pool.Table.TryRetain(pool.Lease, out var mine, out _));
                    Assert.True(pool.Table.Release(pool.Lease));
                    Assert.Equal(7, pool.Read(mine));
                    Assert.True(pool.Table.Release(mine));
                    Assert.False(pool.Table.Release(mine));
                },
                pool =>
                {
                    if (pool.Table.TryRetain(pool.Lease, out var mine, out _))
                    {
                        Assert.Equal(7, pool.Read(mine));
                        Assert.True(pool.Table.Release(mine));
                    }
                },
                pool => Assert.True(pool.Table.Release(pool.Fill(2, 8))),
            ],
            pool => pool.CheckAllFree()));

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_CopiesOfALeaseReleasedByTwo_OneIsRefused(MemoryModel model) =>
        Exploration.Explore(output, model, null, Copies<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_OverflowShare_IsGivenOnce(MemoryModel model) =>
        Exploration.Explore(output, model, null, new Scenario<SlotPoolModel<ModelAtomics>>(
            memory => new SlotPoolModel<ModelAtomics>(memory, 1).WithLease(),
            [Overflow, Overflow],
            pool =>
            {
                Assert.InRange(pool.Successes, 1, 2);
                Assert.True(pool.Table.Release(pool.Lease));
                pool.CheckAllFree();
            }));

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_SoleHolderWrites_NobodyReadsMeanwhile(MemoryModel model) =>
        Exploration.Explore(output, model, null, SoleHolder<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_SoleHolderWithoutAcquire_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Race, Exploration.Find(output, model, null, SoleHolder<Mutant<SlotWordWithoutAcquire>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_WordWithoutCompareExchange_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, Copies<Mutant<SlotWordWithoutAtomicity>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_FreeListWithoutCount_HasAba(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, FreeList<Mutant<FreeListWithoutCount>>()).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotTable_FreeListWithoutCompareExchange_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, FreeList<Mutant<FreeListWithoutAtomicity>>()).Kind);

    // One of two holders reads and gives up its share; the other writes once it is alone.
    private static Scenario<SlotPoolModel<TAtomics>> SoleHolder<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new SlotPoolModel<TAtomics>(memory, 1).WithLease(shares: 2),
        [
            pool =>
            {
                var other = pool.Lease + (1L << SlotWord.IndexBits);
                Assert.Equal(7, pool.Read(other));
                Assert.True(pool.Table.Release(other));
            },
            pool =>
            {
                if (pool.Table.IsSole(pool.Lease))
                    pool.Write(pool.Lease, 8);
                Assert.True(pool.Table.Release(pool.Lease));
            },
        ],
        pool => pool.CheckAllFree());

    private static void Overflow(SlotPoolModel<ModelAtomics> pool)
    {
        if (pool.Table.TryRetainOverflow(pool.Lease, out var share))
        {
            pool.Successes++;
            Assert.Equal(7, pool.Read(share));
            Assert.True(pool.Table.Release(share));
        }
    }

    private static void ReleaseCopy<TAtomics>(SlotPoolModel<TAtomics> pool) where TAtomics : struct, IAtomics
    {
        if (pool.Table.Release(pool.Lease))
        {
            pool.Successes++;
        }
    }

    private static Scenario<SlotPoolModel<TAtomics>> Lives<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new SlotPoolModel<TAtomics>(memory, 1),
        [pool => Live(pool, 0), pool => Live(pool, 1)],
        pool => pool.CheckAllFree());

    // Two lives each: the generation wraps.
    private static void Live<TAtomics>(SlotPoolModel<TAtomics> pool, int thread) where TAtomics : struct, IAtomics
    {
        for (var i = 0; i < 2; i++)
        {
            var lease = pool.Fill(thread, thread);
            Assert.Equal(thread, pool.Read(lease));
            Assert.True(pool.Table.Release(lease));
            Assert.False(pool.Table.IsHeld(lease));
        }
    }

    // Treiber's stack: one takes the top while the other takes both, and puts the top back.
    private static Scenario<SlotPoolModel<TAtomics>> FreeList<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory =>
        {
            var pool = new SlotPoolModel<TAtomics>(memory, 3);
            var (a, b, c) = (pool.Claim(0), pool.Claim(0), pool.Claim(0));
            pool.Abort(a);
            pool.Abort(b);
            pool.Abort(c);
            return pool;
        },
        [
            pool =>
            {
                var (a, b) = (pool.Claim(0), pool.Claim(0));
                pool.Abort(b);
                pool.Abort(a);
            },
            pool =>
            {
                var (a, b) = (pool.Claim(1), 0L);
                pool.Abort(a);
                (a, b) = (pool.Claim(1), pool.Claim(1));
                pool.Abort(a);
                pool.Abort(b);
            },
        ],
        pool => pool.CheckAllFree());

    private static Scenario<SlotPoolModel<TAtomics>> Copies<TAtomics>() where TAtomics : struct, IAtomics => new(
        memory => new SlotPoolModel<TAtomics>(memory, 1).WithLease(shares: 2),
        [
            ReleaseCopy,
            ReleaseCopy,
        ],
        pool =>
        {
            Assert.Equal(1, pool.Successes);
            Assert.Equal(7, pool.Read(pool.Lease));
            Assert.True(pool.Table.Release(pool.Lease + (1L << SlotWord.IndexBits)));
            pool.CheckAllFree();
        });
}
