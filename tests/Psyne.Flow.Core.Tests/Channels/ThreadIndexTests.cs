using Psyne.Flow.Channels;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Channels;

[Collection("alone")]
public sealed class ThreadIndexTests
{
    [Fact]
    public async Task Publish_MoreThreadsThanCells_AllComeThrough()
    {
        const int Threads = 2 * ThreadIndex.Limit;
        using var channel = SlabChannel.CreateMpsc<long>();
        using var all = new Barrier(Threads);
        var indices = new int[Threads];
        var threads = Enumerable.Range(0, Threads).Select(number => Hang.Start(() =>
        {
            indices[number] = ThreadIndex.Current;
            Assert.True(all.SignalAndWait(TimeSpan.FromSeconds(60)));
            channel.Writer.Publish(number);
        })).ToArray();
        await Task.WhenAll(threads).Guard();

        Assert.True(indices.Count(index => index < 0) >= Threads - ThreadIndex.Limit);
        var distinct = indices.Where(index => index >= 0).ToList();
        Assert.Equal(distinct.Count, distinct.Distinct().Count());
        using var batch = channel.Reader.TakeBatch(Threads);
        Assert.Equal(Threads, batch.Count);
    }
}
