namespace Psyne.Flow.Samples.Digits;

/// <summary>The lines that could not be read: how many, and what is wrong with the first.</summary>
/// <remarks>Thread-safe. A line counts once, however often it is streamed.</remarks>
public sealed class BadLines
{
    /// <summary>As many are told in full.</summary>
    public const int MostTold = 20;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _lines = [];
    private readonly SortedList<int, string> _told = [];
    private volatile int _count;

    public int Count => _count;

    /// <summary>Notes a line. What is told are those that come first in the file.</summary>
    public void Add(LineFormatException wrong)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        lock (_lock)
        {
            if (!_lines.Add(wrong.Line))
                return;
            _told.Add(wrong.Line, wrong.Message);
            if (_told.Count > MostTold)
                _told.RemoveAt(MostTold);
            _count = _lines.Count;
        }
    }

    /// <summary>Whether a line was noted before, and need not be streamed again.</summary>
    public bool Contains(int line)
    {
        if (_count == 0)
            return false;
        lock (_lock)
            return _lines.Contains(line);
    }

    /// <summary>What is wrong with the first <see cref="MostTold"/>, in the order of the file.</summary>
    public IReadOnlyList<string> Told()
    {
        lock (_lock)
            return [.. _told.Values];
    }
}
