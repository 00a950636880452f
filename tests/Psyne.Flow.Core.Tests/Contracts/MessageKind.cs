namespace Psyne.Flow.Tests.Contracts;

/// <summary>What the messages of a channel under test are.</summary>
public enum MessageKind
{
    /// <summary>A long.</summary>
    Long,

    /// <summary>A struct of 48 bytes.</summary>
    Bytes48,

    /// <summary>A struct of 200 bytes.</summary>
    Bytes200,

    /// <summary>A struct of 1,000 bytes.</summary>
    Bytes1000,

    /// <summary>Frames of 8 to 40 bytes.</summary>
    ShortFrame,

    /// <summary>Frames of 8 to 1,000 bytes.</summary>
    LongFrame,

    /// <summary>Tensors of one shape.</summary>
    Tensor,

    /// <summary>Tensors with a shape of their own each.</summary>
    ShapedTensor,
}
