using BenchmarkDotNet.Attributes;

namespace Psyne.Flow.Microbenchmarks;

/// <summary>One message claimed, published, taken and released on one thread: the instructions of a hand-off, without another core's part.</summary>
[MemoryDiagnoser]
public class HandOffBenchmarks
{
    private SlabChannel<long> _channel = null!;
    private SlabWriter<long> _writer = null!;
    private SlabReader<long> _reader = null!;

    /// <summary>The channel's mode.</summary>
    [Params(ChannelMode.Spsc, ChannelMode.Mpsc, ChannelMode.Spmc, ChannelMode.Mpmc, ChannelMode.Broadcast)]
    public ChannelMode Mode { get; set; }

    /// <summary>Opens the channel and both ends.</summary>
    [GlobalSetup]
    public void Open()
    {
        _channel = SlabChannel.Create<long>(Mode);
        _writer = _channel.Writer;
        _reader = _channel.Reader;
    }

    /// <summary>Closes it.</summary>
    [GlobalCleanup]
    public void Close() => _channel.Dispose();

    /// <summary>Claim, write, publish, take, read, release.</summary>
    [Benchmark]
    public long HandOff()
    {
        using (var claim = _writer.Claim())
        {
            claim.Value = 7;
            claim.Publish();
        }
        using var lease = _reader.Take();
        return lease.Value;
    }
}
