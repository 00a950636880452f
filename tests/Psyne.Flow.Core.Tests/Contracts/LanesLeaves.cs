using static Psyne.Flow.ChannelMode;
using static Psyne.Flow.SlabBacking;
using static Psyne.Flow.Tests.Contracts.MessageKind;

namespace Psyne.Flow.Tests.Contracts;

// Three lanes, of which the channel's own writer has one: what it promises is what other modes promise. What is new is in LaneTests.

public sealed class MpscLanesLongTests() : ValueChannelContract<long>(Mpsc, Long, Native, lanes: 3);

public sealed class MpscLanesBytes48Tests() : ValueChannelContract<Words6>(Mpsc, Bytes48, Native, lanes: 3);

public sealed class MpscLanesBytes200Tests() : ValueChannelContract<Words25>(Mpsc, Bytes200, Native, lanes: 3);

public sealed class MpscLanesLongPinnedTests() : ValueChannelContract<long>(Mpsc, Long, PinnedArray, lanes: 3);

public sealed class MpmcLanesLongTests() : ValueChannelContract<long>(Mpmc, Long, Native, lanes: 3);

public sealed class MpmcLanesBytes48Tests() : ValueChannelContract<Words6>(Mpmc, Bytes48, Native, lanes: 3);

public sealed class MpmcLanesBytes200Tests() : ValueChannelContract<Words25>(Mpmc, Bytes200, Native, lanes: 3);

public sealed class MpmcLanesLongPinnedTests() : ValueChannelContract<long>(Mpmc, Long, PinnedArray, lanes: 3);

public sealed class MpscOneLaneTests() : ValueChannelContract<long>(Mpsc, Long, Native, lanes: 1);

public sealed class MpmcOneLaneTests() : ValueChannelContract<long>(Mpmc, Long, Native, lanes: 1);
