using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Every kind of message on either memory.

public sealed class SpmcLongTests() : ValueChannelContract<long>(Spmc, Long, Native);

public sealed class SpmcBytes48Tests() : ValueChannelContract<Words6>(Spmc, Bytes48, Native);

public sealed class SpmcBytes200Tests() : ValueChannelContract<Words25>(Spmc, Bytes200, Native);

public sealed class SpmcBytes1000Tests() : ValueChannelContract<Words125>(Spmc, Bytes1000, Native);

public sealed class SpmcShortFrameTests() : ChannelContract(Spmc, ShortFrame, Native);

public sealed class SpmcLongFrameTests() : ChannelContract(Spmc, LongFrame, Native);

public sealed class SpmcTensorTests() : ChannelContract(Spmc, Tensor, Native);

public sealed class SpmcShapedTensorTests() : ChannelContract(Spmc, ShapedTensor, Native);

public sealed class SpmcLongPinnedTests() : ValueChannelContract<long>(Spmc, Long, PinnedArray);

public sealed class SpmcBytes48PinnedTests() : ValueChannelContract<Words6>(Spmc, Bytes48, PinnedArray);

public sealed class SpmcBytes200PinnedTests() : ValueChannelContract<Words25>(Spmc, Bytes200, PinnedArray);

public sealed class SpmcBytes1000PinnedTests() : ValueChannelContract<Words125>(Spmc, Bytes1000, PinnedArray);

public sealed class SpmcShortFramePinnedTests() : ChannelContract(Spmc, ShortFrame, PinnedArray);

public sealed class SpmcLongFramePinnedTests() : ChannelContract(Spmc, LongFrame, PinnedArray);

public sealed class SpmcTensorPinnedTests() : ChannelContract(Spmc, Tensor, PinnedArray);

public sealed class SpmcShapedTensorPinnedTests() : ChannelContract(Spmc, ShapedTensor, PinnedArray);
