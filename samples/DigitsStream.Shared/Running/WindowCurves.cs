namespace Psyne.Flow.Samples.Digits;

/// <summary>
/// What the windows of a run showed: the first ones each, where the classifier learns, and all of them in a bounded number
/// of points, which stand for more windows the longer the run is.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class WindowCurves
{
    /// <summary>As many of the first windows are kept.</summary>
    public const int MostFirst = 128;

    /// <summary>The most points of the whole run; when there are so many, each two become one.</summary>
    public const int MostPoints = 512;

    private readonly List<WindowResult> _first = [];
    private readonly List<WindowResult> _points = [];
    private long _windows;

    /// <summary>The first windows.</summary>
    public IReadOnlyList<WindowResult> First => _first;

    /// <summary>The whole run; a point is the sum of <see cref="WindowsPerPoint"/> windows, the last of up to so many.</summary>
    public IReadOnlyList<WindowResult> Points => _points;

    public long WindowsPerPoint { get; private set; } = 1;

    /// <summary>Adds the next window.</summary>
    public void Add(WindowResult window)
    {
        if (_first.Count < MostFirst)
            _first.Add(window);
        if (_windows++ % WindowsPerPoint != 0)
        {
            _points[^1] += window;
            return;
        }
        if (_points.Count == MostPoints)
        {
            for (var i = 0; i < MostPoints / 2; i++)
                _points[i] = _points[2 * i] + _points[2 * i + 1];
            _points.RemoveRange(MostPoints / 2, MostPoints / 2);
            WindowsPerPoint *= 2;
        }
        _points.Add(window);
    }
}
