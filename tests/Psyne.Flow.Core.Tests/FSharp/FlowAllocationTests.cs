using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Psyne.Flow.FSharp;
using Psyne.Flow.Tests.Contracts;
using Flows = Psyne.Flow.FSharp.Flow;

namespace Psyne.Flow.Tests.FSharp;

/// <summary>Small messages cost no byte of the managed heap in any stage of a flow; pairs 2, since a join makes a delegate of 64 for some dozen.</summary>
[Collection("alone")]
public sealed class FlowAllocationTests
{
    private const int Messages = 50_000;

    public static TheoryData<string> Stages => [.. s_stages.Keys];

    private static readonly Dictionary<string, Func<Flow<long>, Flow<long>>> s_stages = new()
    {
        ["map"] = flow => Flows.map(F((long number) => number + 1), flow),
        ["mapInPlace"] = flow => Flows.mapInPlace((ref long number) => number++, flow),
        ["mapAsyncWith"] = flow => Flows.withParallelism(2, Flows.mapAsyncWith<long, long>(static (from, to) =>
        {
            to.Value = from.Value;
            return default;
        }, flow)),
        ["filter"] = flow => Flows.filter(F((long _) => true), flow),
        ["choose"] = flow => Flows.choose(F((long number) => FSharpValueOption<long>.NewValueSome(number)), flow),
        ["collectWith"] = flow => Flows.collectWith((in long from, int index, ref long to) =>
        {
            to = from;
            return index < 1;
        }, flow),
        ["scan"] = flow => Flows.scan(FuncConvert.FromFunc((long sum, long number) => sum + number), 0L, flow),
        ["tap"] = flow => Flows.tap(FuncConvert.FromAction((long _) => { }), flow),
        ["throttle"] = flow => Flows.throttle(1, TimeSpan.FromTicks(1), flow),
        ["merge"] = flow => Flows.merge(ListModule.OfSeq([flow, Flows.ofSeq<long>([])])),
        ["split"] = flow =>
        {
            var (odd, even) = Flows.split(F((long number) => number % 2 != 0), flow);
            return Flows.merge(ListModule.OfSeq([odd, even]));
        },
        ["batch and concat"] = flow => Batches.concat(Flows.batch(10, flow)),
        ["window and map"] = flow => Batches.map(F((OwnedLeaseBatch<long> window) => window[0]), Flows.window(2, 1, flow)),
        ["zip"] = flow =>
        {
            var branches = Flows.broadcast(2, flow);
            return Flows.zipWith(new MessageZip<long, long, long>((in long one, in long other, ref long sum) => sum = one + other), branches[0], branches[1]);
        },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public void Messages_ThroughAStage_AllocateNothing(string stage)
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 64 });
        long allowed = stage == "zip" ? 3 * Messages : Messages;
        long count = 0;
        using var running = Flows.run(Flows.iterWith((ref readonly long _) => Interlocked.Increment(ref count), s_stages[stage](Flows.ofChannel(channel))));
        Send(5_000);

        var least = long.MaxValue;
        for (var round = 0; round < 8 && least >= allowed; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Send(Messages);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.InRange(least, 0, allowed - 1); // less than a byte a message

        void Send(int messages)
        {
            var goal = Interlocked.Read(ref count) + messages;
            for (var i = 0; i < messages; i++)
                channel.Writer.Publish(i);
            Hang.Until(() => Interlocked.Read(ref count) >= goal - 1); // a window's last message has none behind it
        }
    }

    [Fact]
    public void Messages_ThroughASequence_AllocateNothing()
    {
        using var channel = SlabChannel.CreateSpsc<long>(new SlabChannelOptions { Capacity = 64 });
        using var messages = Flows.toSeq(Flows.ofChannel(channel)).GetEnumerator();
        var writing = new Thread(() =>
        {
            while (!channel.Writer.IsClosed)
                channel.Writer.TryPublish(1);
        });
        writing.Start();
        Take(5_000);

        var least = long.MaxValue;
        for (var round = 0; round < 8 && least >= Messages; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Take(Messages);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        channel.Complete();
        writing.Join();

        Assert.InRange(least, 0, Messages - 1);

        void Take(int count)
        {
            for (var i = 0; i < count; i++)
                Assert.True(messages.MoveNext());
        }
    }

    private static FSharpFunc<TIn, TOut> F<TIn, TOut>(Func<TIn, TOut> function) => FuncConvert.FromFunc(function);
}
