using System.Threading.Tasks.Dataflow;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Docs;

// doc: every-nth
public sealed class EveryNth<T>(int n, SlabBlockOptions? options = null) : SlabCustomBlock<T, T>(options) where T : unmanaged
{
    private int _seen;

    protected override void Process(ref BlockInput<T> input, ref BlockOutput<T> output)
    {
        while (input.Count > 0 && output.Room > 0)
        {
            if (++_seen % n == 0)
                output.Move(ref input);          // goes on as it is: a large message stays in its slot
            else
                input.Take(1);                   // done with: its slot is free
        }
    }
}
// end

// doc: average
public sealed class Average(int window, SlabBlockOptions? options = null) : SlabCustomBlock<float, double>(options)
{
    private double _sum;
    private int _count;

    protected override void Process(ref BlockInput<float> input, ref BlockOutput<double> output)
    {
        while (input.Count > 0 && output.Room > 0)
        {
            _sum += input[0];
            input.Take(1);
            if (++_count == window)
                Send(ref output);
        }
    }

    protected override bool Flush(ref BlockOutput<double> output)   // at the end: the window that is not full
    {
        if (_count > 0)
            Send(ref output);
        return true;
    }

    private void Send(ref BlockOutput<double> output)
    {
        output.Add() = _sum / _count;            // built in the slot in which it goes on
        (_sum, _count) = (0, 0);
    }
}
// end

/// <summary>The examples of docs/guide-own-blocks.md, which stand there word for word: what is between "// doc: name" and "// end".</summary>
public sealed class OwnBlockGuide
{
    [Fact]
    public async Task OwnBlocks_InAPipeline()
    {
        using var channel = SlabChannel.CreateSpsc<float>();
        var means = new List<double>();

        // doc: linked
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        var every = new EveryNth<float>(2, new SlabBlockOptions { BoundedCapacity = 1024 });
        var average = new Average(window: 10);
        var store = new SlabActionBlock<double>((ref readonly double mean) => means.Add(mean));

        channel.Reader.AsSourceBlock().LinkTo(every, propagate);
        every.LinkTo(average, propagate);
        average.LinkTo(store, propagate);
        // end

        for (int i = 1; i <= 50; i++)
            channel.Writer.Publish(i);
        channel.Complete();
        await store.Completion.Guard();
        Assert.Equal([11, 31, 46], means); // of 2 to 20, 22 to 40, 42 to 50, the even ones
    }
}
