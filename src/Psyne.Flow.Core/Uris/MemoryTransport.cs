using Psyne.Flow.Channels;

namespace Psyne.Flow.Uris;

/// <summary><c>memory://name</c>: channels of this process by name. The first who opens a name makes the channel; the last who disposes it ends it.</summary>
internal sealed class MemoryTransport : ChannelTransport
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ChannelCore Core, Type Element)> _channels = new(StringComparer.Ordinal);

    internal override string Scheme => "memory";

    internal override ChannelCore Open(ChannelRequest request)
    {
        var uri = request.Uri;
        ChannelUriOptions.Check(uri);
        lock (_lock)
        {
            if (_channels.TryGetValue(uri.Name, out var found) && found.Core.TryAddHandle())
            {
                try
                {
                    CheckSame(request, found.Core, found.Element);
                }
                catch
                {
                    found.Core.RemoveHandle();
                    throw;
                }
                return found.Core;
            }
            var core = request.Create(ChannelUriOptions.Mode(uri) ?? ChannelMode.Spsc, ChannelUriOptions.Apply(uri) with { Name = uri.Name });
            _channels[uri.Name] = (core, request.Element);
            return core;
        }
    }

    private static void CheckSame(ChannelRequest request, ChannelCore core, Type element)
    {
        if (element != request.Element || core.Message != request.Message)
            throw new ChannelUriException($"'{request.Uri}' was opened for {request.Message} [{request.Element}], but the channel is there and carries {core.Message} [{element}].");
        if (ChannelUriOptions.Mode(request.Uri) is { } mode && mode != core.Mode)
            throw new ChannelUriException($"'{request.Uri}' was opened as {mode}, but the channel is there and is {core.Mode}.");
        var asked = ChannelUriOptions.Apply(request.Uri);
        if (request.Uri.GetCapacity() is { } capacity && capacity != core.Options.Capacity)
            throw new ChannelUriException($"'{request.Uri}' was opened with a capacity of {capacity}, but the channel is there and was made with {core.Options.Capacity}.");
        if (request.Uri.GetCapacity("lanes") is { } lanes && lanes != core.Options.Lanes)
            throw new ChannelUriException($"'{request.Uri}' was opened with {lanes} lanes, but the channel is there and was made with {core.Options.Lanes}.");
        if (request.Uri.Options.ContainsKey("full") && asked.FullMode != core.Options.FullMode)
            throw new ChannelUriException($"'{request.Uri}' was opened with full={asked.FullMode}, but the channel is there and has {core.Options.FullMode}.");
    }
}
