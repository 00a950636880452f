using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Every kind of message on either memory.

public sealed class SpscLongTests() : ValueChannelContract<long>(Spsc, Long, Native);

public sealed class SpscBytes48Tests() : ValueChannelContract<Words6>(Spsc, Bytes48, Native);

public sealed class SpscBytes200Tests() : ValueChannelContract<Words25>(Spsc, Bytes200, Native);

public sealed class SpscBytes1000Tests() : ValueChannelContract<Words125>(Spsc, Bytes1000, Native);

public sealed class SpscShortFrameTests() : ChannelContract(Spsc, ShortFrame, Native);

public sealed class SpscLongFrameTests() : ChannelContract(Spsc, LongFrame, Native);

public sealed class SpscTensorTests() : ChannelContract(Spsc, Tensor, Native);

public sealed class SpscShapedTensorTests() : ChannelContract(Spsc, ShapedTensor, Native);

public sealed class SpscLongPinnedTests() : ValueChannelContract<long>(Spsc, Long, PinnedArray);

public sealed class SpscBytes48PinnedTests() : ValueChannelContract<Words6>(Spsc, Bytes48, PinnedArray);

public sealed class SpscBytes200PinnedTests() : ValueChannelContract<Words25>(Spsc, Bytes200, PinnedArray);

public sealed class SpscBytes1000PinnedTests() : ValueChannelContract<Words125>(Spsc, Bytes1000, PinnedArray);

public sealed class SpscShortFramePinnedTests() : ChannelContract(Spsc, ShortFrame, PinnedArray);

public sealed class SpscLongFramePinnedTests() : ChannelContract(Spsc, LongFrame, PinnedArray);

public sealed class SpscTensorPinnedTests() : ChannelContract(Spsc, Tensor, PinnedArray);

public sealed class SpscShapedTensorPinnedTests() : ChannelContract(Spsc, ShapedTensor, PinnedArray);
