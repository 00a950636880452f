using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Every kind of message on either memory.

public sealed class MpmcLongTests() : ValueChannelContract<long>(Mpmc, Long, Native);

public sealed class MpmcBytes48Tests() : ValueChannelContract<Words6>(Mpmc, Bytes48, Native);

public sealed class MpmcBytes200Tests() : ValueChannelContract<Words25>(Mpmc, Bytes200, Native);

public sealed class MpmcBytes1000Tests() : ValueChannelContract<Words125>(Mpmc, Bytes1000, Native);

public sealed class MpmcShortFrameTests() : ChannelContract(Mpmc, ShortFrame, Native);

public sealed class MpmcLongFrameTests() : ChannelContract(Mpmc, LongFrame, Native);

public sealed class MpmcTensorTests() : ChannelContract(Mpmc, Tensor, Native);

public sealed class MpmcShapedTensorTests() : ChannelContract(Mpmc, ShapedTensor, Native);

public sealed class MpmcLongPinnedTests() : ValueChannelContract<long>(Mpmc, Long, PinnedArray);

public sealed class MpmcBytes48PinnedTests() : ValueChannelContract<Words6>(Mpmc, Bytes48, PinnedArray);

public sealed class MpmcBytes200PinnedTests() : ValueChannelContract<Words25>(Mpmc, Bytes200, PinnedArray);

public sealed class MpmcBytes1000PinnedTests() : ValueChannelContract<Words125>(Mpmc, Bytes1000, PinnedArray);

public sealed class MpmcShortFramePinnedTests() : ChannelContract(Mpmc, ShortFrame, PinnedArray);

public sealed class MpmcLongFramePinnedTests() : ChannelContract(Mpmc, LongFrame, PinnedArray);

public sealed class MpmcTensorPinnedTests() : ChannelContract(Mpmc, Tensor, PinnedArray);

public sealed class MpmcShapedTensorPinnedTests() : ChannelContract(Mpmc, ShapedTensor, PinnedArray);
