using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Psyne.Flow.Channels;

namespace Psyne.Flow.Uris;

/// <summary>The schemes that can be opened. Referencing the transports assembly is enough: it is looked for when a scheme isn't known.</summary>
internal static class ChannelTransports
{
    /// <summary>A class of the transports assembly whose static constructor registers its schemes. A constant, so that trimming keeps it.</summary>
    private const string Module = "Psyne.Flow.Transports.TransportModule, Psyne.Flow.Transports";

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, ChannelTransport> s_transports = new(StringComparer.Ordinal);
    private static bool s_looked;

    static ChannelTransports() => Register(new MemoryTransport());

    internal static void Register(ChannelTransport transport)
    {
        lock (s_lock)
            s_transports[transport.Scheme] = transport;
    }

    internal static ChannelCore Open(ChannelRequest request) => Find(request.Uri).Open(request);

    private static ChannelTransport Find(ChannelUri uri)
    {
        if (TryFind(uri.Scheme) is { } known)
            return known;
        LookForModule();
        return TryFind(uri.Scheme) ?? throw new ChannelUriException(
            $"Nothing opens the scheme '{uri.Scheme}' of '{uri}'. There are: {string.Join(", ", Schemes())}. " +
            "Others come with the package Psyne.Flow.Transports.");
    }

    private static ChannelTransport? TryFind(string scheme)
    {
        lock (s_lock)
            return s_transports.GetValueOrDefault(scheme);
    }

    private static List<string> Schemes()
    {
        lock (s_lock)
            return [.. s_transports.Keys.Order(StringComparer.Ordinal)];
    }

    [UnconditionalSuppressMessage("Trimming", "IL2059", Justification = "The type name is a constant that the trimmer sees.")]
    private static void LookForModule()
    {
        lock (s_lock)
        {
            if (s_looked)
                return;
            s_looked = true;
        }
        if (Type.GetType(Module, throwOnError: false) is { } module)
            RuntimeHelpers.RunClassConstructor(module.TypeHandle);
    }
}
