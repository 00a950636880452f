using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Psyne.Flow.Reactive;
using Psyne.Flow.Samples.Digits;

namespace Psyne.Flow.Samples.Tests;

/// <summary>A part that fails, at either end or in the middle, ends the others; none of these tests would end otherwise.</summary>
public sealed class StageGraphTests
{
    private readonly StageGraph _graph = new();
    private readonly SlabChannel<int> _numbers = SlabChannel.CreateSpsc<int>(new SlabChannelOptions { Capacity = 16 });
    private long _written;

    [Fact]
    public async Task RunAsync_ObserverThatThrows_EndsABlockedWriter()
    {
        var observed = Build((in int number, ref int result) => result = number);
        Observe(observed.AsRetainedObservable().BufferRetained(4).Select(buffer =>
        {
            using (buffer)
                return buffer[0].Value < 1000 ? buffer.Count : throw new InvalidOperationException("the observer's");
        }));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(_graph.RunAsync);

        Assert.Equal("the observer's", fault.Message);
        Assert.InRange(Volatile.Read(ref _written), 1000, long.MaxValue);
    }

    [Fact]
    public async Task RunAsync_BlockThatThrows_EndsWriterAndObserver()
    {
        var observed = Build((in int number, ref int result) => result = number < 1000 ? number : throw new FormatException("the block's"));
        var seen = 0;
        Observe(observed.AsRetainedObservable().SelectCopy().Do(_ => seen++));

        var fault = await Assert.ThrowsAsync<FormatException>(_graph.RunAsync);

        Assert.Equal("the block's", fault.Message);
        Assert.InRange(seen, 0, 1000);
    }

    [Fact]
    public async Task Stop_WhileItRuns_EndsAllPartsWithTheFirstReason()
    {
        var observed = Build((in int number, ref int result) => result = number);
        Observe(observed.AsRetainedObservable().SelectCopy().Do(number =>
        {
            if (number != 1000)
                return;
            _graph.Stop(new OperationCanceledException("the first"));
            _graph.Stop(new OperationCanceledException("the second"));
        }));

        var stopped = await Assert.ThrowsAsync<OperationCanceledException>(_graph.RunAsync);

        Assert.Equal("the first", stopped.Message);
    }

    [Fact]
    public void Link_OfBlocks_IsNotedAsItWasMade()
    {
        var observed = Build((in int number, ref int result) => result = number);
        Observe(observed.AsObservable());

        Assert.Equal(["numbers", "read", "transform", "observe"], _graph.Stages.Select(stage => stage.Name));
        Assert.Equal([("read", "transform", "Lease<Int32>")], _graph.Links.Select(link => (link.From.Name, link.To.Name, link.Message)));
        Assert.Equal("SlabTransformBlock<Int32, Int32>", _graph.Stages[2].Kind);
        _graph.Stop(new OperationCanceledException());
    }

    /// <summary>A writer that never ends by itself, and a block behind it.</summary>
    private SlabTransformBlock<int, int> Build(SlabTransform<int, int> transform)
    {
        var read = _numbers.Reader.AsSourceBlock();
        var block = new SlabTransformBlock<int, int>(transform, new SlabBlockOptions { BoundedCapacity = 16 });
        _graph.Own(_numbers);
        _graph.Add(
            new Stage("numbers", "SlabChannel<Int32>", "", () => StageCounts.Of(_numbers)),
            () => Task.Factory.StartNew(() =>
            {
                for (var number = 0; ; number++)
                {
                    _numbers.Writer.Publish(number);
                    Volatile.Write(ref _written, number);
                }
            }, TaskCreationOptions.LongRunning),
            fault => _numbers.Complete(fault));
        _graph.Add("read", "", read);
        _graph.Add("transform", "", block);
        _graph.Link(read, block);
        return block;
    }

    private void Observe<T>(IObservable<T> observable)
    {
        var stop = new CancellationTokenSource();
        _graph.Add(new Stage("observe", "IObservable", "", () => default), () => observable.LastOrDefaultAsync().ToTask(stop.Token), _ => stop.Cancel());
    }
}
