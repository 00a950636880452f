namespace Psyne.Flow.ModelChecking;

/// <summary>Per location, the oldest message that its owner may still read. Locations it never met stand at 0.</summary>
internal sealed class View
{
    private int[] _stamps = new int[16];
    private int _length;

    public int this[int location] => location < _length ? _stamps[location] : 0;

    public void Clear() => _length = 0;

    public void Raise(int location, int stamp)
    {
        Extend(location + 1);
        if (_stamps[location] < stamp)
        {
            _stamps[location] = stamp;
        }
    }

    public void Join(View other)
    {
        Extend(other._length);
        for (var i = 0; i < other._length; i++)
        {
            if (_stamps[i] < other._stamps[i])
            {
                _stamps[i] = other._stamps[i];
            }
        }
    }

    private void Extend(int length)
    {
        if (length <= _length)
        {
            return;
        }

        if (length > _stamps.Length)
        {
            Array.Resize(ref _stamps, Math.Max(length, 2 * _stamps.Length));
        }

        _stamps.AsSpan(_length, length - _length).Clear();
        _length = length;
    }
}
