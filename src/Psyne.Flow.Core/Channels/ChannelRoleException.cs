namespace Psyne.Flow;

/// <summary>An end that the channel's mode doesn't allow: a second producer or consumer where there is one, or more consumers than agreed.</summary>
public sealed class ChannelRoleException : InvalidOperationException
{
    /// <summary>Makes it with a standard text.</summary>
    public ChannelRoleException() : base("The channel's mode doesn't allow another end of this kind.") { }

    /// <summary>Makes it with a text.</summary>
    public ChannelRoleException(string message) : base(message) { }

    /// <summary>Makes it with a text and a cause.</summary>
    public ChannelRoleException(string message, Exception? innerException) : base(message, innerException) { }
}
