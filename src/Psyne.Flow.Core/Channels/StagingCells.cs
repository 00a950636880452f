namespace Psyne.Flow.Channels;

/// <summary>How many cells a staging area has: all of them in use, few in the model checker.</summary>
internal interface IStagingCells
{
    /// <summary>Cells that belong to one thread each.</summary>
    static abstract int Homes { get; }

    /// <summary>Cells in all, at most 256.</summary>
    static abstract int Cells { get; }
}

/// <summary>The numbers in use.</summary>
internal readonly struct StagingCells : IStagingCells
{
    /// <summary>The most messages of one batch claim.</summary>
    internal const int BatchValues = 64;

    private const int Shared = 64;

    public static int Homes => ThreadIndex.Limit;

    public static int Cells => ThreadIndex.Limit + Shared;
}
