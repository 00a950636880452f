using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Dataflow.Slab;
using Psyne.Flow.Tests.Diagnostics;

namespace Psyne.Flow.Tests.Blocks;

/// <summary>A stock BroadcastBlock behind one of our sources is warned of.</summary>
public sealed class StockBroadcastTests : IDisposable
{
    private readonly FlowEvents _warnings = new("StockBroadcastLinked");
    private readonly string _name = $"source-{Guid.NewGuid():N}";
    private readonly DataflowLinkOptions _plain = new();

    public void Dispose() => _warnings.Dispose();

    private SlabBufferBlock<Small> New() => new(new DataflowBlockOptions { NameFormat = _name });

    [Fact]
    public void Link_ToAStockBroadcast_WarnsOnceALinkAndNamesOurs()
    {
        SlabBufferBlock<Small> source = New();
        var broadcast = new BroadcastBlock<Lease<Small>>(lease => lease.Retain());
        source.LinkTo(broadcast, _plain);

        string warning = Assert.Single(_warnings.With(_name));
        Assert.Contains("BroadcastBlock<Lease<Small>>", warning, StringComparison.Ordinal);
        Assert.EndsWith("use SlabBroadcastBlock", warning, StringComparison.Ordinal);
        source.LinkTo(broadcast, _plain, _ => true).Dispose();
        Assert.Equal(2, _warnings.With(_name).Count);
    }

    [Fact]
    public void Link_OfBatchesAndOfABroadcastOfOurs_WarnsToo()
    {
        new SlabBatchBlock<Small>(2, new GroupingDataflowBlockOptions { NameFormat = _name }).LinkTo(new BroadcastBlock<OwnedLeaseBatch<Small>>(null), _plain);
        new SlabBroadcastBlock<Small>(new DataflowBlockOptions { NameFormat = _name }).LinkTo(new BroadcastBlock<Lease<Small>>(null), _plain);

        Assert.Equal(2, _warnings.With(_name).Count);
        Assert.Single(_warnings.With(_name), warning => warning.Contains("BroadcastBlock<OwnedLeaseBatch<Small>>", StringComparison.Ordinal));
    }

    [Fact]
    public void Link_ToOthers_DoesNotWarn()
    {
        SlabBufferBlock<Small> source = New();
        source.LinkTo(new SlabBroadcastBlock<Small>(), _plain);
        source.LinkTo(new BufferBlock<Lease<Small>>(), _plain);
        source.LinkTo(new WriteOnceBlock<Lease<Small>>(null), _plain);
        Assert.Throws<ArgumentNullException>("linkOptions", () => source.LinkTo(new BroadcastBlock<Lease<Small>>(null), null!));

        Assert.Empty(_warnings.With(_name));
    }
}
