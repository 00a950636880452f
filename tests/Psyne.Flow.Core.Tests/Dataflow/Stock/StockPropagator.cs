using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Stock;

/// <summary>Any stock block with an output: how it is fed and what it counts is told by whoever makes it.</summary>
public sealed class StockPropagator<TIn, TOut> : IDelegateUnderTest<TIn>, ISourceUnderTest<TOut>
{
    private readonly List<int> _seen = [];

    public required IReceivableSourceBlock<TOut> Source { get; init; }

    public required Messages<TIn> Input { get; init; }

    public required Messages<TOut> Output { get; init; }

    /// <summary>The block's targets; a join has several.</summary>
    public required IReadOnlyList<ITargetBlock<TIn>> Targets { get; init; }

    public required Func<int> Counts { get; init; }

    /// <summary>How many messages each target needs for one to come out.</summary>
    public int Each { get; init; } = 1;

    /// <summary>Whether what is received is gone; a broadcast gives its last message for ever.</summary>
    public bool Empties { get; init; } = true;

    public UserCode<TIn>? Code { get; init; }

    public bool FreesWhatItDrops { get; init; }

    public IDataflowBlock Block => Source;

    public ITargetBlock<TIn> Target => Targets[0];

    public int Held => Counts();

    public Action<int>? Inside
    {
        get => Code?.Inside;
        set => (Code ?? throw new NotSupportedException("This block runs no user's code.")).Inside = value;
    }

    public IReadOnlyList<int> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public bool Feed(int value)
    {
        bool fed = true;
        foreach (ITargetBlock<TIn> target in Targets)
        {
            for (int i = 0; i < Each; i++)
            {
                TIn message = Input.Make(value);
                bool posted = target.Post(message);
                if (!posted)
                    Input.Free(message);
                fed &= posted;
            }
        }
        return fed;
    }

    public bool TakeOut()
    {
        if (!Empties || !Source.TryReceiveAll(out IList<TOut>? messages))
            return false;
        foreach (TOut message in messages)
        {
            int value = Output.Take(message);
            lock (_seen)
                _seen.Add(value);
        }
        return true;
    }
}
