using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Every kind of message on either memory.

public sealed class BroadcastLongTests() : ValueChannelContract<long>(Broadcast, Long, Native);

public sealed class BroadcastBytes48Tests() : ValueChannelContract<Words6>(Broadcast, Bytes48, Native);

public sealed class BroadcastBytes200Tests() : ValueChannelContract<Words25>(Broadcast, Bytes200, Native);

public sealed class BroadcastBytes1000Tests() : ValueChannelContract<Words125>(Broadcast, Bytes1000, Native);

public sealed class BroadcastShortFrameTests() : ChannelContract(Broadcast, ShortFrame, Native);

public sealed class BroadcastLongFrameTests() : ChannelContract(Broadcast, LongFrame, Native);

public sealed class BroadcastTensorTests() : ChannelContract(Broadcast, Tensor, Native);

public sealed class BroadcastShapedTensorTests() : ChannelContract(Broadcast, ShapedTensor, Native);

public sealed class BroadcastLongPinnedTests() : ValueChannelContract<long>(Broadcast, Long, PinnedArray);

public sealed class BroadcastBytes48PinnedTests() : ValueChannelContract<Words6>(Broadcast, Bytes48, PinnedArray);

public sealed class BroadcastBytes200PinnedTests() : ValueChannelContract<Words25>(Broadcast, Bytes200, PinnedArray);

public sealed class BroadcastBytes1000PinnedTests() : ValueChannelContract<Words125>(Broadcast, Bytes1000, PinnedArray);

public sealed class BroadcastShortFramePinnedTests() : ChannelContract(Broadcast, ShortFrame, PinnedArray);

public sealed class BroadcastLongFramePinnedTests() : ChannelContract(Broadcast, LongFrame, PinnedArray);

public sealed class BroadcastTensorPinnedTests() : ChannelContract(Broadcast, Tensor, PinnedArray);

public sealed class BroadcastShapedTensorPinnedTests() : ChannelContract(Broadcast, ShapedTensor, PinnedArray);
