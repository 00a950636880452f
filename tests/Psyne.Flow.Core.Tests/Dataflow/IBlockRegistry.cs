using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow;

/// <summary>The blocks that are linked to each other, every source to every target; one kind of message.</summary>
public interface IBlockRegistry<T>
{
    static abstract Messages<T> NewMessages();

    /// <summary>By name. Those that are targets of the same messages, too, are linked in circles.</summary>
    static abstract IReadOnlyDictionary<string, Func<Messages<T>, ExecutionDataflowBlockOptions, ISourceUnderTest<T>>> Sources { get; }

    /// <summary>By name.</summary>
    static abstract IReadOnlyDictionary<string, Func<Messages<T>, ExecutionDataflowBlockOptions, ITargetUnderTest<T>>> Targets { get; }
}
