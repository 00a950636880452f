namespace Psyne.Flow;

/// <summary>The pages that a <see cref="Slab"/> really got.</summary>
public enum SlabPages
{
    /// <summary>Native pages of the system's normal size; huge pages were not asked for, or could not be had.</summary>
    Normal,

    /// <summary>
    /// The system took the advice to use huge pages for this slab. It does so when memory is first touched and as
    /// far as it finds free huge pages; the rest stays on normal pages.
    /// </summary>
    TransparentHuge,

    /// <summary>The managed heap's pages, of which the garbage collector decides.</summary>
    Managed,
}
