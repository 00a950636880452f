namespace Psyne.Flow.Tests.Dataflow.Slab;

public sealed class SmallActionBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Action);

public sealed class SmallActionTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Action);

public sealed class SmallActionDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Action);

public sealed class SmallActionAsyncBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.ActionAsync);

public sealed class SmallActionAsyncTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.ActionAsync);

public sealed class SmallActionAsyncDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.ActionAsync);

public sealed class SmallBufferBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Buffer);

public sealed class SmallBufferTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Buffer);

public sealed class SmallBufferSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Buffer);

public sealed class SmallTransformBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Transform);

public sealed class SmallTransformTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Transform);

public sealed class SmallTransformSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Transform);

public sealed class SmallTransformDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Transform);

public sealed class SmallTransformAsyncBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformAsync);

public sealed class SmallTransformAsyncTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformAsync);

public sealed class SmallTransformAsyncSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformAsync);

public sealed class SmallTransformAsyncDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformAsync);

public sealed class SmallInPlaceBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.InPlace);

public sealed class SmallInPlaceTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.InPlace);

public sealed class SmallInPlaceSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.InPlace);

public sealed class SmallInPlaceDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.InPlace);

public sealed class SmallTransformManyBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformMany);

public sealed class SmallTransformManyTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformMany);

public sealed class SmallTransformManySourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformMany);

public sealed class SmallTransformManyDelegateTests() : DelegateContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.TransformMany);

public sealed class SmallLinkTests : LinkContract<Lease<Small>, SlabRegistry<Small>>;

public sealed class LargeActionBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Action);

public sealed class LargeActionTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Action);

public sealed class LargeActionDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Action);

public sealed class LargeActionAsyncBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.ActionAsync);

public sealed class LargeActionAsyncTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.ActionAsync);

public sealed class LargeActionAsyncDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.ActionAsync);

public sealed class LargeBufferBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Buffer);

public sealed class LargeBufferTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Buffer);

public sealed class LargeBufferSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Buffer);

public sealed class LargeTransformBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Transform);

public sealed class LargeTransformTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Transform);

public sealed class LargeTransformSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Transform);

public sealed class LargeTransformDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Transform);

public sealed class LargeTransformAsyncBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformAsync);

public sealed class LargeTransformAsyncTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformAsync);

public sealed class LargeTransformAsyncSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformAsync);

public sealed class LargeTransformAsyncDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformAsync);

public sealed class LargeInPlaceBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.InPlace);

public sealed class LargeInPlaceTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.InPlace);

public sealed class LargeInPlaceSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.InPlace);

public sealed class LargeInPlaceDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.InPlace);

public sealed class LargeTransformManyBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformMany);

public sealed class LargeTransformManyTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformMany);

public sealed class LargeTransformManySourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformMany);

public sealed class LargeTransformManyDelegateTests() : DelegateContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.TransformMany);

public sealed class LargeLinkTests : LinkContract<Lease<Large>, SlabRegistry<Large>>;

public sealed class SmallSlowLinkTests : LinkContract<Lease<Small>, SlowRegistry<Small>>;

public sealed class LargeSlowLinkTests : LinkContract<Lease<Large>, SlowRegistry<Large>>;

public sealed class SmallOwnBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Own);

public sealed class SmallOwnTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Own);

public sealed class SmallOwnSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.Own);

public sealed class SmallOwnBuildingBlockTests() : BlockContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.OwnBuilding);

public sealed class SmallOwnBuildingTargetTests() : TargetContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.OwnBuilding);

public sealed class SmallOwnBuildingSourceTests() : SourceContract<Lease<Small>>(() => new Leases<Small>(), SlabBlocks.OwnBuilding);

public sealed class LargeOwnBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Own);

public sealed class LargeOwnTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Own);

public sealed class LargeOwnSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.Own);

public sealed class LargeOwnBuildingBlockTests() : BlockContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.OwnBuilding);

public sealed class LargeOwnBuildingTargetTests() : TargetContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.OwnBuilding);

public sealed class LargeOwnBuildingSourceTests() : SourceContract<Lease<Large>>(() => new Leases<Large>(), SlabBlocks.OwnBuilding);
