namespace Psyne.Flow;

/// <summary>What kind of memory a <see cref="Slab"/> lies in. The layout of what is on it is the same for all.</summary>
public enum SlabBacking
{
    /// <summary>Memory of the system, outside the managed heap; pages are committed when they are first touched.</summary>
    Native,

    /// <summary>A zeroed array on the pinned object heap, where native memory is not wanted. It never moves.</summary>
    PinnedArray,
}
