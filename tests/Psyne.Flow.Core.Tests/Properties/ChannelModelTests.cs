using FsCheck;
using FsCheck.Fluent;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Properties;

/// <summary>Any sequence of operations on one thread does to a channel what it does to a queue and two lists.</summary>
public sealed class ChannelModelTests
{
    public static TheoryData<ChannelMode, MessageKind, int> Cases
    {
        get
        {
            var cases = new TheoryData<ChannelMode, MessageKind, int>();
            foreach (var mode in Enum.GetValues<ChannelMode>())
                foreach (var kind in new[] { MessageKind.Long, MessageKind.Bytes200, MessageKind.Bytes1000, MessageKind.ShortFrame, MessageKind.ShapedTensor })
                    cases.Add(mode, kind, 0);
            // One of two lanes: as a channel with one producer.
            foreach (var mode in new[] { ChannelMode.Mpsc, ChannelMode.Mpmc })
                foreach (var kind in new[] { MessageKind.Long, MessageKind.Bytes200 })
                    cases.Add(mode, kind, 2);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Channel_AnySequenceOfOperations_BehavesAsTheModel(ChannelMode mode, MessageKind kind, int lanes)
    {
        // Bytes shrink well: a step is one, and each is an operation on whatever there is then.
        var steps = ArbMap.Default.ArbFor<byte[]>();
        var config = Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(150);
        Prop.ForAll(steps, given => Play(mode, kind, lanes, given)).Check(config);
    }

    private static void Play(ChannelMode mode, MessageKind kind, int lanes, byte[] steps)
    {
        var capacity = steps.Length == 0 ? 1 : 1 + (steps[0] % 5);
        using var model = new ChannelModel(mode, kind, capacity, lanes);
        try
        {
            foreach (var step in steps)
                model.Step(step % 11, step / 11);
            model.End();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{mode} {kind} {lanes} lanes capacity {capacity}: {string.Join("; ", model.Trace)}", error);
        }
    }
}
