using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>
/// A block of any kind, its messages by number. To hold a new kind of block to the contract: messages
/// (<see cref="Messages{T}"/>), an adapter with one or several of these interfaces, a leaf of two lines for each contract
/// that applies (as in Stock), and a registry (<see cref="IBlockRegistry{T}"/>) for the links.
/// </summary>
public interface IBlockUnderTest
{
    IDataflowBlock Block { get; }

    /// <summary>Messages inside, as the block's own public counts say.</summary>
    int Held { get; }

    /// <summary>The numbers that have gone through: what the user's code saw, or what <see cref="TakeOut"/> took.</summary>
    IReadOnlyList<int> Seen { get; }

    /// <summary>Whether the block itself gives back what it drops on a fault or a cancellation; stock blocks don't.</summary>
    bool FreesWhatItDrops => false;

    /// <summary>Puts in what makes one message; false where the block declines it.</summary>
    bool Feed(int value);

    /// <summary>Takes what the block has put out, notes it in <see cref="Seen"/> and frees it; false where there was nothing.</summary>
    bool TakeOut();
}

/// <summary>A target. What it holds stays in it while the scheduler of its options does nothing and nobody takes out.</summary>
public interface ITargetUnderTest<T> : IBlockUnderTest
{
    ITargetBlock<T> Target { get; }
}

/// <summary>A source. What it was fed it puts out when the scheduler of its options runs.</summary>
public interface ISourceUnderTest<T> : IBlockUnderTest
{
    IReceivableSourceBlock<T> Source { get; }
}

/// <summary>A target that runs a user's code on each message.</summary>
public interface IDelegateUnderTest<T> : ITargetUnderTest<T>
{
    /// <summary>Runs in the user's code, on each number.</summary>
    Action<int>? Inside { get; set; }
}
