using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Every kind of message on either memory.

public sealed class MpscLongTests() : ValueChannelContract<long>(Mpsc, Long, Native);

public sealed class MpscBytes48Tests() : ValueChannelContract<Words6>(Mpsc, Bytes48, Native);

public sealed class MpscBytes200Tests() : ValueChannelContract<Words25>(Mpsc, Bytes200, Native);

public sealed class MpscBytes1000Tests() : ValueChannelContract<Words125>(Mpsc, Bytes1000, Native);

public sealed class MpscShortFrameTests() : ChannelContract(Mpsc, ShortFrame, Native);

public sealed class MpscLongFrameTests() : ChannelContract(Mpsc, LongFrame, Native);

public sealed class MpscTensorTests() : ChannelContract(Mpsc, Tensor, Native);

public sealed class MpscShapedTensorTests() : ChannelContract(Mpsc, ShapedTensor, Native);

public sealed class MpscLongPinnedTests() : ValueChannelContract<long>(Mpsc, Long, PinnedArray);

public sealed class MpscBytes48PinnedTests() : ValueChannelContract<Words6>(Mpsc, Bytes48, PinnedArray);

public sealed class MpscBytes200PinnedTests() : ValueChannelContract<Words25>(Mpsc, Bytes200, PinnedArray);

public sealed class MpscBytes1000PinnedTests() : ValueChannelContract<Words125>(Mpsc, Bytes1000, PinnedArray);

public sealed class MpscShortFramePinnedTests() : ChannelContract(Mpsc, ShortFrame, PinnedArray);

public sealed class MpscLongFramePinnedTests() : ChannelContract(Mpsc, LongFrame, PinnedArray);

public sealed class MpscTensorPinnedTests() : ChannelContract(Mpsc, Tensor, PinnedArray);

public sealed class MpscShapedTensorPinnedTests() : ChannelContract(Mpsc, ShapedTensor, PinnedArray);
