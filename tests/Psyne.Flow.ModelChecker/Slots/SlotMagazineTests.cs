using Psyne.Flow.Atomics;
using Psyne.Flow.ModelChecking.Mutants;
using Psyne.Flow.ModelChecking.Rings;
using Xunit;

namespace Psyne.Flow.ModelChecking.Slots;

/// <summary>SlotMagazine: one thread claims, in turn; the others release what they lease, or abort what was claimed.</summary>
public class SlotMagazineTests(ITestOutputHelper output)
{
    public static TheoryData<MemoryModel> Models => Exploration.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_ReleasedByAnother_NoSlotTwiceOrLost(MemoryModel model) =>
        Exploration.Explore(output, model, null, Releases<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_ReleasedByTwo_NoSlotTwiceOrLost(MemoryModel model) =>
        Exploration.Explore(output, model, 3, new Scenario<MagazineState<ModelAtomics>>(
            static memory => new MagazineState<ModelAtomics>(memory, slots: 3, spread: 3, held: 3),
            [static state => state.Use(2), static state => state.Release(0), static state => { state.Release(1); state.Abort(2); }],
            static state => state.CheckAllFree()));

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_MoreFreedThanTakeTurns_RestIsSetAsideNotLost(MemoryModel model) =>
        Exploration.Explore(output, model, null, SetAside<ModelAtomics>());

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_SomethingIsFreeAllTheTime_OthersSeeIt(MemoryModel model) =>
        Exploration.Explore(output, model, null, Seen<ModelAtomics>(static state => state.Pool.HasFree));

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_OwnerEndsInsideAClaim_LosesNoSlot(MemoryModel model) =>
        Exploration.Explore(output, model, 3, new Scenario<MagazineState<ModelAtomics>>(
            static memory => new MagazineState<ModelAtomics>(memory, slots: 4, spread: 1, held: 3),
            [
                static state => { state.Pool.Claim(0); state.Pool.Claim(0); state.Pool.Claim(0); },
                static state => { state.Release(0); state.Release(1); state.Abort(2); },
            ],
            static state => state.Pool.CheckNothingLost()), crashThread: 0);

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_RefillWithoutCompareExchange_IsFound(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, Releases<Mutant<FreeListWithoutAtomicity>>()).Kind);

    // A signal looks for something free, and finds nothing to wake the producer for.
    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_LookedForInTheListAlone_IsOverlooked(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion,
            Exploration.Find(output, model, null, Seen<ModelAtomics>(static state => state.Pool.Table.HasFree)).Kind);

    [Theory]
    [MemberData(nameof(Models))]
    public void SlotMagazine_LookedForInTheChainFirst_IsOverlooked(MemoryModel model) =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(output, model, null, Seen<ModelAtomics>(static state =>
            ModelAtomics.LoadAcquire(ref state.Pool.Magazine.Turn) != 0
            || ModelAtomics.LoadAcquire(ref state.Pool.Magazine.Reserve) != 0
            || state.Pool.Table.HasFree)).Kind);

    // On x86 stores keep their order, so there is nothing to find there.
    [Fact]
    public void SlotMagazine_ChainWithoutRelease_HidesWhatWasSetAside() =>
        Assert.Equal(FailureKind.Assertion, Exploration.Find(
            output, MemoryModel.Weak, null, Seen<Mutant<MagazineWithoutRelease>>(static state => state.Pool.HasFree)).Kind);

    private static Scenario<MagazineState<TAtomics>> Releases<TAtomics>() where TAtomics : struct, IAtomics => new(
        static memory => new MagazineState<TAtomics>(memory, slots: 2, spread: 2, held: 2),
        [static state => state.Use(3), static state => { state.Release(0); state.Abort(1); }],
        static state => state.CheckAllFree());

    private static Scenario<MagazineState<TAtomics>> SetAside<TAtomics>() where TAtomics : struct, IAtomics => new(
        static memory => new MagazineState<TAtomics>(memory, slots: 4, spread: 1, held: 3),
        [static state => state.Use(3), static state => { state.Release(0); state.Release(1); state.Abort(2); }],
        static state => state.CheckAllFree());

    // Three slots become free, and the owner claims two of them for good.
    private static Scenario<MagazineState<TAtomics>> Seen<TAtomics>(Func<MagazineState<TAtomics>, bool> hasFree)
        where TAtomics : struct, IAtomics => new(
        static memory => new MagazineState<TAtomics>(memory, slots: 3, spread: 1, held: 3),
        [
            static state => { state.Pool.Claim(0); state.Pool.Claim(0); },
            state =>
            {
                state.Release(0);
                state.Release(1);
                state.Abort(2);
                Assert.True(hasFree(state), "A slot is free, and doesn't show.");
            },
        ]);

    /// <summary>A pool of which some slots are held when the threads start: all leased but the last, which is claimed.</summary>
    private sealed class MagazineState<TAtomics>
        where TAtomics : struct, IAtomics
    {
        private readonly long[] _held;

        public MagazineState(ModelMemory memory, int slots, int spread, int held)
        {
            Pool = new SlotPoolModel<TAtomics>(memory, slots, spread);
            _held = new long[held];
            for (var i = 0; i < held - 1; i++)
            {
                _held[i] = Pool.Fill(0, 100 + i);
            }

            _held[^1] = Pool.Claim(0);
        }

        public SlotPoolModel<TAtomics> Pool { get; }

        public void Release(int index)
        {
            Assert.Equal(100 + index, Pool.Read(_held[index]));
            Assert.True(Pool.Table.Release(_held[index]));
        }

        public void Abort(int index) => Pool.Abort(_held[index]);

        /// <summary>What the one producer does: claims, writes, publishes, or aborts every second time.</summary>
        public void Use(int times)
        {
            for (var i = 0; i < times; i++)
            {
                if (i % 2 == 0)
                {
                    Assert.True(Pool.Table.Release(Pool.Fill(1, i)));
                }
                else
                {
                    Pool.Abort(Pool.Claim(1));
                }
            }
        }

        public void CheckAllFree()
        {
            Pool.CheckNothingLost();
            Pool.CheckAllFree();
        }
    }
}
