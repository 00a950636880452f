namespace Psyne.Flow;

/// <summary>A channel URI that cannot be read, or an option in it whose value does not do. The text names the part,
/// what stands there and what is allowed.</summary>
/// <param name="message">The part, what stands there and what is allowed.</param>
/// <param name="cause">The error of the bound that the value broke; null where there was none.</param>
public sealed class ChannelUriException(string message, Exception? cause = null) : FormatException(message, cause);
