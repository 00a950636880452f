namespace Psyne.Flow.Uris;

/// <summary>The options that a channel's URI may carry, and what they set.</summary>
internal static class ChannelUriOptions
{
    private static readonly string[] s_names =
        ["mode", "capacity", "bytes", "full", "patience", "recovery", "idle", "backing", "sizefactor", "hugepages", "readers", "lanes", "sampling", "trackleases", "frame"];

    private enum Idle
    {
        Balanced,
        Spin,
        Park,
    }

    internal static void Check(ChannelUri uri) => uri.ThrowIfUnknown(s_names);

    internal static ChannelMode? Mode(ChannelUri uri) => uri.GetEnum<ChannelMode>("mode");

    /// <summary>The largest frame that the URI names, in bytes.</summary>
    internal static int? FrameBytes(ChannelUri uri) => uri.GetBytes("frame") is not { } bytes ? null
        : bytes <= int.MaxValue ? (int)bytes
        : throw new ChannelUriException($"The frame option of '{uri}' is {bytes} bytes; the most is {int.MaxValue}.");

    internal static SlabChannelOptions Apply(ChannelUri uri)
    {
        try
        {
            var options = new SlabChannelOptions();
            if (uri.GetCapacity() is { } capacity)
                options = options with { Capacity = capacity };
            if (uri.GetBytes("bytes") is { } bytes)
                options = options with { CapacityBytes = bytes };
            if (uri.GetEnum<FullMode>("full") is { } full)
                options = options with { FullMode = full };
            if (uri.GetTimeSpan("patience") is { } patience)
                options = options with { Adaptive = options.Adaptive with { Patience = patience } };
            if (uri.GetTimeSpan("recovery") is { } recovery)
                options = options with { Adaptive = options.Adaptive with { Recovery = recovery } };
            if (uri.GetEnum<SlabBacking>("backing") is { } backing)
                options = options with { Backing = backing };
            if (uri.GetCapacity("sizefactor") is { } factor)
                options = options with { SizeFactor = factor };
            if (uri.GetBool("hugepages") is { } huge)
                options = options with { HugePages = huge };
            if (uri.GetCapacity("readers") is { } readers)
                options = options with { Readers = readers };
            if (uri.GetCapacity("lanes") is { } lanes)
                options = options with { Lanes = lanes };
            if (uri.GetCapacity("sampling") is { } sampling)
                options = options with { LatencySampling = sampling };
            if (uri.GetBool("trackleases") is { } track)
                options = options with { TrackLeases = track };
            return uri.GetEnum<Idle>("idle") switch
            {
                Idle.Spin => options with { Idle = IdleStrategy.Spin },
                Idle.Park => options with { Idle = IdleStrategy.Park },
                _ => options,
            };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ChannelUriException($"An option of '{uri}' is out of its bounds: {error.Message}", error);
        }
    }
}
