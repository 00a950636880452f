namespace Psyne.Flow.ModelChecking;

/// <summary>From addresses to shadow words: an array over the model's own memory, a table for any other.</summary>
internal sealed class ShadowMemory(ModelMemory memory)
{
    /// <summary>Scenarios whose own memory moves from one execution to the next would fill the table without end.</summary>
    private const int MaxElsewhere = 1 << 16;

    private readonly ShadowWord?[] _words = new ShadowWord?[memory.Capacity / 8];
    private readonly Dictionary<nint, ShadowWord> _elsewhere = [];
    private long _execution;

    public void Reset(long execution)
    {
        _execution = execution;
        if (_elsewhere.Count > MaxElsewhere)
        {
            _elsewhere.Clear();
        }
    }

    /// <summary>The shadow of the eight aligned bytes that an address lies in.</summary>
    public ShadowWord this[nint address]
    {
        get
        {
            var index = (nuint)(address - memory.Start) / 8;
            ShadowWord? word;
            if (index < (nuint)_words.Length)
            {
                word = _words[index] ??= new ShadowWord();
            }
            else if (!_elsewhere.TryGetValue(address & ~7, out word))
            {
                _elsewhere.Add(address & ~7, word = new ShadowWord());
            }

            word.Enter(_execution);
            return word;
        }
    }
}
