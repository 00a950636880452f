using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Atomics;
using Psyne.Flow.Slots;

namespace Psyne.Flow.Tests.Properties;

/// <summary>Slots' words, and lives of slots whose generation wraps.</summary>
public sealed unsafe class SlotTableTests
{
    private readonly struct FourBits : ISlotWidths
    {
        public static int GenerationBits => 4;
    }

    [Fact]
    public void SlotWord_AnyParts_PackAndUnpack()
    {
        var parts =
            from high in Gen.Choose(0, (1 << 18) - 1)
            from low in Gen.Choose(0, (1 << 18) - 1)
            from share in Gen.Choose(0, 31)
            from index in Gen.Choose(0, (1 << 23) - 1)
            select (Generation: ((long)high << 18) | (long)low, share, index);
        Prop.ForAll(parts.ToArbitrary(), static given =>
        {
            var word = SlotWord.Pack(given.Generation, given.share, given.index);
            return SlotWord.Generation(word) == given.Generation && SlotWord.Share(word) == given.share
                && SlotWord.NextShare(word) == given.share && SlotWord.Index(word) == given.index && SlotWord.Live(word) == given.index;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void SlotWord_Holds_IsOfThatLifeAndThatShareOnly()
    {
        var given =
            from generation in Gen.Choose(0, 20)
            from mask in Gen.Choose(0, (1 << 23) - 1)
            from next in Gen.Choose(0, 21)
            from handleGeneration in Gen.Choose(0, 20)
            from share in Gen.Choose(0, 22)
            from index in Gen.Choose(0, (1 << 23) - 1)
            select (generation, mask, next, handleGeneration, share, index);
        Prop.ForAll(given.ToArbitrary(), static g =>
            SlotWord.Holds(SlotWord.Pack(g.generation, g.next, g.mask), SlotWord.Pack(g.handleGeneration, g.share, g.index))
                == (g.generation == g.handleGeneration && (g.mask >> g.share & 1) != 0)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void SlotWord_Freed_IsTheNextLifeWithNothing()
    {
        Assert.Equal(SlotWord.Pack(8, 0, 0), SlotWord.Freed<FourBits>(SlotWord.Pack(7, 5, 3)));
        Assert.Equal(SlotWord.Pack(0, 0, 0), SlotWord.Freed<FourBits>(SlotWord.Pack(15, 5, 3)));
        var last = (1L << SlotWidths.GenerationBits) - 1;
        Assert.Equal(0, SlotWord.Freed<SlotWidths>(SlotWord.Pack(last, 21, 1)));
    }

    private static void WithTable<TWidths>(int slots, Action<SlotTable<HardwareAtomics, TWidths>> use) where TWidths : struct, ISlotWidths
    {
        var size = (nuint)SlotTable<HardwareAtomics, TWidths>.SizeFor(slots);
        var memory = (byte*)NativeMemory.AlignedAlloc(size, 128);
        NativeMemory.Clear(memory, size);
        try
        {
            use(new SlotTable<HardwareAtomics, TWidths>(memory, slots));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [Fact]
    public void StaleHandle_FewerLivesThanTheGenerationCounts_IsAlwaysRefused() => WithTable<FourBits>(1, static table =>
    {
        var lives = new List<(long Claim, long Lease, long Retained)>();
        for (var life = 0; life < 100; life++)
        {
            Assert.True(table.TryClaim(out var claim));
            Assert.False(table.TryClaim(out _));
            foreach (var (oldClaim, oldLease, oldRetained) in lives.TakeLast(15))
            {
                foreach (var stale in new[] { oldClaim, oldLease, oldRetained })
                {
                    Assert.False(table.IsHeld(stale));
                    Assert.False(table.Release(stale));
                    Assert.False(table.TryPublish(stale, out _));
                    Assert.False(table.TryRetain(stale, out _, out var exhausted));
                    Assert.False(exhausted);
                    Assert.False(table.TryRetainOverflow(stale, out _));
                }
            }
            Assert.True(table.TryPublish(claim, out var lease));
            Assert.False(table.TryPublish(claim, out _));
            Assert.True(table.Release(claim));
            Assert.True(table.TryRetain(lease, out var retained, out _));
            Assert.True(table.Release(lease));
            Assert.False(table.Release(lease));
            Assert.False(table.IsHeld(lease));
            Assert.True(table.IsHeld(retained));
            Assert.True(table.Release(retained));
            lives.Add((claim, lease, retained));
        }
        // The life that the wrapped generation names again: here a handle can't be told from another's, as the widths say.
        Assert.Equal(lives[0], lives[16]);
    });

    [Fact]
    public void Retain_MoreThanTheShares_IsExhaustedNotStale() => WithTable<SlotWidths>(2, static table =>
    {
        Assert.True(table.TryClaim(out var claim));
        Assert.True(table.TryPublish(claim, out var lease));
        Assert.True(table.Release(claim));
        var retained = new List<long>();
        bool exhausted;
        while (table.TryRetain(lease, out var more, out exhausted))
            retained.Add(more);
        Assert.True(exhausted);
        Assert.Equal(SlotWord.DirectShares - 1, retained.Count);
        Assert.Equal(retained.Count, retained.Distinct().Count());
        Assert.True(table.TryRetainOverflow(lease, out var overflow));
        Assert.False(table.TryRetainOverflow(lease, out _));
        Assert.True(table.Release(lease));
        Assert.All(retained, held => Assert.True(table.Release(held)));
        Assert.Equal((0, 1), table.CountHeld(out var witness));
        Assert.True(table.IsLeased(witness));
        Assert.True(table.Release(overflow));
        Assert.False(table.IsLeased(witness));
        Assert.Equal((0, 0), table.CountHeld(out witness));
        Assert.Equal(-1, witness.Index);
        Assert.False(table.TryRetain(lease, out _, out exhausted));
        Assert.False(exhausted);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Claims_AnyOrderOfReleases_NeverGiveASlotTwice(int slots) => WithTable<FourBits>(slots, table =>
    {
        var random = new Random(slots);
        var held = new Dictionary<int, long>();
        for (var step = 0; step < 5000; step++)
        {
            Assert.Equal(held.Count < slots, table.HasFree);
            if (random.Next(2) == 0)
            {
                Assert.Equal(held.Count < slots, table.TryClaim(out var claim));
                if (held.Count < slots)
                    held.Add(SlotWord.Index(claim), claim);
            }
            else if (held.Count > 0)
            {
                var (index, claim) = held.ElementAt(random.Next(held.Count));
                Assert.True(table.Release(claim));
                held.Remove(index);
            }
            Assert.Equal((held.Count, 0), table.CountHeld());
        }
    });
}
