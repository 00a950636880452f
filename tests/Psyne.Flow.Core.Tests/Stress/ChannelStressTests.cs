using System.Diagnostics;
using System.Globalization;
using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Stress;

/// <summary>
/// Every mode and kind of message under threads that get in each other's way. Bounded by messages; PSYNE_STRESS_SECONDS
/// gives each case so many seconds and ever new seeds, PSYNE_STRESS_SEED repeats one.
/// </summary>
[Collection("alone")]
public sealed class ChannelStressTests
{
    private static readonly int[] s_capacities = [1, 2, 4, 64];

    private static readonly IdleStrategy[] s_idle = [IdleStrategy.Park, IdleStrategy.Balanced, new(1000, 8), IdleStrategy.Spin];

    public static TheoryData<ChannelMode, MessageKind> Cases
    {
        get
        {
            var cases = new TheoryData<ChannelMode, MessageKind>();
            foreach (var mode in Enum.GetValues<ChannelMode>())
                foreach (var kind in Enum.GetValues<MessageKind>())
                    cases.Add(mode, kind);
            return cases;
        }
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Traffic_OfManyThreads_IsExact(ChannelMode mode, MessageKind kind) => Run(mode, kind, lanes: false);

    [Theory]
    [InlineData(ChannelMode.Mpsc, MessageKind.Long)]
    [InlineData(ChannelMode.Mpsc, MessageKind.Bytes48)]
    [InlineData(ChannelMode.Mpsc, MessageKind.Bytes200)]
    [InlineData(ChannelMode.Mpmc, MessageKind.Long)]
    [InlineData(ChannelMode.Mpmc, MessageKind.Bytes48)]
    [InlineData(ChannelMode.Mpmc, MessageKind.Bytes200)]
    public Task Traffic_InFourLanes_IsExact(ChannelMode mode, MessageKind kind) => Run(mode, kind, lanes: true);

    private static async Task Run(ChannelMode mode, MessageKind kind, bool lanes)
    {
        var seconds = Number("PSYNE_STRESS_SECONDS");
        var once = Number("PSYNE_STRESS_SEED");
        var seed = (int)(once ?? ((int)mode * 100) + ((int)kind * 10));
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; seconds is { } limit ? Stopwatch.GetElapsedTime(start).TotalSeconds < limit : round < 4; round++)
        {
            var plan = Plan(mode, kind, seed + round, seconds is null ? 1 : 10);
            if (lanes)
                plan = plan with { Lanes = 4, Producers = 4, Consumers = mode == ChannelMode.Mpsc ? 1 : 4 };
            TestContext.Current.TestOutputHelper?.WriteLine(plan.ToString());
            try
            {
                await new StressRun(plan).Run();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"PSYNE_STRESS_SEED={plan.Seed}: {plan}", error);
            }
            if (once is not null)
                break;
        }
    }

    private static StressPlan Plan(ChannelMode mode, MessageKind kind, int seed, int times)
    {
        var random = new Random(seed);
        var producers = mode is ChannelMode.Spsc or ChannelMode.Spmc ? 1 : random.Next(2, 4);
        var consumers = mode is ChannelMode.Spsc or ChannelMode.Mpsc ? 1 : random.Next(2, 4);
        var capacity = s_capacities[seed % s_capacities.Length];
        var idle = s_idle[random.Next(s_idle.Length)];
        // Each message of a small channel is a hand-over between threads, which costs most where they sleep.
        var messages = times * (capacity < 4 ? 150 : 600);
        return new StressPlan(mode, kind, (SlabBacking)random.Next(2), producers, consumers, capacity, idle, messages, seed);
    }
}
