namespace Psyne.Flow.Tests.Dataflow.Slab;

public abstract class ChannelBlockContract<T>(Func<Messages<Lease<T>>, System.Threading.Tasks.Dataflow.ExecutionDataflowBlockOptions, IBlockUnderTest> open)
    : BlockContract<Lease<T>>(() => new Leases<T>(), open) where T : unmanaged, INumbered<T>
{
    protected override string? WhyNot(string rule) => rule switch
    {
        "C37" => "what was accepted is the channel's, whose readers still get it",
        _ => null,
    };
}

public sealed class SmallSpscChannelBlockTests() : ChannelBlockContract<Small>(ChannelTarget<Small>.Spsc);

public sealed class SmallMpmcChannelBlockTests() : ChannelBlockContract<Small>(ChannelTarget<Small>.Mpmc);

public sealed class LargeSpscChannelBlockTests() : ChannelBlockContract<Large>(ChannelTarget<Large>.Spsc);

public sealed class LargeMpmcChannelBlockTests() : ChannelBlockContract<Large>(ChannelTarget<Large>.Mpmc);

public sealed class SmallSpscChannelTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), ChannelTarget<Small>.Spsc);

public sealed class SmallMpmcChannelTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), ChannelTarget<Small>.Mpmc);

public sealed class LargeSpscChannelTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), ChannelTarget<Large>.Spsc);

public sealed class LargeMpmcChannelTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), ChannelTarget<Large>.Mpmc);
