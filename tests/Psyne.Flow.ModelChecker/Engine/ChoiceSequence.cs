namespace Psyne.Flow.ModelChecking;

/// <summary>
/// The choices of the current execution, and how the next one differs. Depth first: the deepest choice that has
/// alternatives left is moved on by one. Choice 0 always means "nothing unusual".
/// </summary>
internal sealed class ChoiceSequence
{
    /// <summary>Of 256 drawn choices, how many leave the running thread; one of them is drawn for each execution.</summary>
    private static readonly int[] PreemptionRates = [4, 16, 48, 96];

    private readonly List<Choice> _choices = [];
    private readonly bool _random;
    private SplitMix64 _source;
    private int _depth;
    private int _preemptionRate;

    public ChoiceSequence(bool random) => _random = random;

    /// <summary>Choices made so far in this execution.</summary>
    public int Depth => _depth;

    /// <summary>Everything that was set has been followed: the execution is the one that was asked for.</summary>
    public bool IsFollowed => _depth == _choices.Count;

    public IEnumerable<int> Indices => _choices.Take(_depth).Select(choice => choice.Index);

    /// <summary>Starts an execution that follows what is set, then takes 0 (exhaustive) or draws (random).</summary>
    public void Begin(ulong seed)
    {
        _depth = 0;
        if (!_random)
        {
            return;
        }

        _choices.Clear();
        _source = new SplitMix64(seed);
        _preemptionRate = PreemptionRates[_source.Next(PreemptionRates.Length)];
    }

    /// <summary>Starts an execution that follows the given choices, and takes 0 after them.</summary>
    public void BeginReplay(IEnumerable<int> indices)
    {
        _choices.Clear();
        _choices.AddRange(indices.Select(index => new Choice(index, Count: 0)));
        _depth = 0;
        _source = default;
    }

    /// <summary>One of <paramref name="count"/> alternatives; null if the prefix doesn't fit this execution.</summary>
    public int? Choose(int count, ChoiceKind kind)
    {
        if (_depth == _choices.Count)
        {
            _choices.Add(new Choice(_random && !_source.IsDefault ? Draw(count, kind) : 0, count));
        }

        var choice = _choices[_depth];
        if (choice.Count == 0)
        {
            _choices[_depth] = choice with { Count = count };
        }
        else if (choice.Count != count)
        {
            return null;
        }

        _depth++;
        return choice.Index < count ? choice.Index : null;
    }

    /// <summary>Moves on to the next execution of an exhaustive search; false when there is none.</summary>
    public bool MoveNext()
    {
        for (var last = _depth - 1; last >= 0; last--)
        {
            var choice = _choices[last];
            if (choice.Index + 1 < choice.Count)
            {
                _choices.RemoveRange(last + 1, _choices.Count - last - 1);
                _choices[last] = choice with { Index = choice.Index + 1 };
                return true;
            }
        }

        return false;
    }

    private int Draw(int count, ChoiceKind kind) => kind switch
    {
        ChoiceKind.Preemption => _source.Next(256) < _preemptionRate ? 1 + _source.Next(count - 1) : 0,
        ChoiceKind.Stale => _source.Next(2) == 0 ? 1 + _source.Next(count - 1) : 0,
        ChoiceKind.Crash => _source.Next(16) == 0 ? 1 : 0,
        _ => _source.Next(count),
    };

    private readonly record struct Choice(int Index, int Count);
}
