using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Tests.Properties;

/// <summary>Slots taken in turn by one producer: in the order they were freed, over so many, and none lost.</summary>
public sealed unsafe class SlotMagazineTests
{
    private sealed class Memory : IDisposable
    {
        private readonly byte* _table;

        internal Memory(int slots, int spread)
        {
            var size = (nuint)SlotTable<HardwareAtomics, SlotWidths>.SizeFor(slots);
            _table = (byte*)NativeMemory.AlignedAlloc(size, 128);
            NativeMemory.Clear(_table, size);
            Table = new(_table, slots);
            Magazine = new(_table, slots, spread);
        }

        internal SlotTable<HardwareAtomics, SlotWidths> Table { get; }

        internal SlotMagazine<HardwareAtomics, SlotWidths> Magazine { get; }

        internal int Claim()
        {
            Assert.True(Magazine.TryClaim(out var claim));
            return SlotWord.Index(claim);
        }

        public void Dispose() => NativeMemory.AlignedFree(_table);
    }

    /// <param name="Slots">How many there are.</param>
    /// <param name="Spread">How many take turns.</param>
    /// <param name="Steps">-1 claims, -2 claims and publishes, other numbers end the claim or lease at that place among the held ones.</param>
    private sealed record Run(int Slots, int Spread, int[] Steps);

    private static Arbitrary<Run> Runs(bool allTakeTurns) =>
    (
        from slots in Gen.Choose(1, 40)
        from spread in allTakeTurns ? Gen.Constant(slots) : Gen.Choose(1, slots)
        from steps in Gen.Choose(-2, 40).Or(Gen.Choose(-2, -1)).ArrayOf(300)
        select new Run(slots, spread, steps)
    ).ToArbitrary();

    // What every run keeps to; claimed and ended see each slot in order.
    private static void Check(Run run, Action<int> claimed, Action<int> ended)
    {
        using var memory = new Memory(run.Slots, run.Spread);
        var (table, magazine) = (memory.Table, memory.Magazine);
        var held = new List<long>();
        var most = 0;
        foreach (var step in run.Steps)
        {
            Assert.Equal(held.Count < run.Slots, magazine.HasFree);
            if (step >= 0)
            {
                if (held.Count == 0)
                    continue;
                var handle = held[step % held.Count];
                held.Remove(handle);
                ended(SlotWord.Index(handle));
                Assert.True(table.Release(handle));
                Assert.False(table.Release(handle));
                continue;
            }
            Assert.Equal(held.Count < run.Slots, magazine.TryClaim(out var claim));
            if (held.Count == run.Slots)
                continue;
            Assert.DoesNotContain(held, handle => SlotWord.Index(handle) == SlotWord.Index(claim));
            claimed(SlotWord.Index(claim));
            var lease = claim;
            if (step == -2)
            {
                Assert.True(magazine.TryPublish(claim, out lease));
                Assert.True(magazine.IsPublishing);
                magazine.EndPublish();
                Assert.False(magazine.TryPublish(claim, out _));
                Assert.False(magazine.IsPublishing);
                Assert.False(table.Release(claim));
            }
            held.Add(lease);
            most = Math.Max(most, held.Count);
            Assert.True(table.Fresh <= Math.Max(run.Spread, most), $"{table.Fresh} slots were used, for {most} held at most.");
        }
        Assert.Equal(held.Count, table.CountHeld().Claimed + table.CountHeld().Leased);
    }

    [Fact]
    public void Claims_AnyOrderOfEnds_NeverGiveASlotTwiceOrLoseOne() =>
        Prop.ForAll(Runs(allTakeTurns: false), static run => Check(run, static _ => { }, static _ => { })).QuickCheckThrowOnFailure();

    [Fact]
    public void Claims_AllSlotsTakeTurns_ComeInTheOrderTheyWereFreed() =>
        Prop.ForAll(Runs(allTakeTurns: true), static run =>
        {
            var turns = new Queue<int>(Enumerable.Range(0, run.Slots));
            Check(run, slot => Assert.Equal(turns.Dequeue(), slot), turns.Enqueue);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Claims_AfterABurst_TakeTurnsOverTheSpreadAgain()
    {
        const int slots = 100;
        const int spread = 8;
        using var memory = new Memory(slots, spread);
        var all = new List<long>();
        while (memory.Magazine.TryClaim(out var claim))
            all.Add(claim);
        Assert.Equal(slots, all.Count);
        Assert.All(all, claim => Assert.True(memory.Table.Release(claim)));

        var used = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(memory.Magazine.TryClaim(out var claim));
            used.Add(SlotWord.Index(claim));
            Assert.True(memory.Table.Release(claim));
        }
        // The latest of what was freed, oldest first.
        Assert.Equal(Enumerable.Range(slots - spread, spread), used.Take(spread));
        Assert.Equal(spread, used.Distinct().Count());

        // And what was set aside is there when it is needed.
        var held = Enumerable.Range(0, slots).Select(_ => memory.Claim()).ToHashSet();
        Assert.Equal(slots, held.Count);
        Assert.False(memory.Magazine.HasFree);
    }

    [Theory]
    [InlineData(1024, 64, 1024)]
    [InlineData(1 << 20, 64, 1 << 17)]
    [InlineData(1024, (64 << 10) + 128, 127)]
    [InlineData(64, (1 << 20) + 128, 7)]
    [InlineData(4, 64 << 20, 1)]
    public void Spread_OfAPool_IsEightMegabytesAndAtLeastASlot(int slots, long stride, int spread) =>
        Assert.Equal(spread, SlotMagazine<HardwareAtomics, SlotWidths>.SpreadFor(slots, stride));

    [Fact]
    public void Magazine_OnTheSlab_LiesBetweenTheCountAndTheWords()
    {
        using var memory = new Memory(4, 4);
        var table = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory.Table.Word(0)) - SlotTable<HardwareAtomics, SlotWidths>.WordsOffset;
        Assert.Equal(128, Offset(ref memory.Table.Fresh));
        Assert.Equal(136, Offset(ref memory.Magazine.Turn));
        Assert.Equal(144, Offset(ref memory.Magazine.Reserve));
        Assert.Equal(152, Offset(ref memory.Magazine.Publishing));
        Assert.True(SlotTable<HardwareAtomics, SlotWidths>.MagazineOffset + SlotMagazine<HardwareAtomics, SlotWidths>.Size
            <= SlotTable<HardwareAtomics, SlotWidths>.WordsOffset);

        long Offset(ref long word) => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref word) - table;
    }
}
