using System.Runtime.InteropServices;

namespace Psyne.Flow.ModelChecking;

/// <summary>A thread's stores that haven't reached memory, oldest first.</summary>
internal sealed class StoreBuffer
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Being drained: it isn't asked again whether it drains before one of its own entries.</summary>
    public bool IsDraining { get; set; }

    public ref Entry this[int index] => ref CollectionsMarshal.AsSpan(_entries)[index];

    public void Clear()
    {
        _entries.Clear();
        IsDraining = false;
    }

    public void Enqueue(in Entry entry) => _entries.Add(entry);

    public Entry Dequeue()
    {
        var entry = _entries[0];
        _entries.RemoveAt(0);
        return entry;
    }

    /// <summary>Index of the oldest entry for a location, or -1.</summary>
    public int OldestOf(Location location) => _entries.FindIndex(entry => entry.Location == location);

    /// <summary>Index of the newest entry for a location, or -1.</summary>
    public int NewestOf(Location location) => _entries.FindLastIndex(entry => entry.Location == location);

    internal struct Entry
    {
        public Location Location;
        public long Value;
        public VectorClock Clock;
    }
}
