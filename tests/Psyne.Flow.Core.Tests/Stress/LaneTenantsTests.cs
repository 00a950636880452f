using Psyne.Flow.Tests.Contracts;

namespace Psyne.Flow.Tests.Stress;

/// <summary>More producers than lanes, each coming and going, some with a claim that another thread ends after their end was closed.</summary>
[Collection("alone")]
public sealed class LaneTenantsTests
{
    private const int Producers = 4;
    private const int Lanes = 2;
    private const int Tenancies = 150;
    private const int Longest = 20;

    [Theory]
    [InlineData(ChannelMode.Mpsc, 1)]
    [InlineData(ChannelMode.Mpmc, 2)]
    public async Task Tenants_ThatComeAndGo_LoseNothing(ChannelMode mode, int consumers)
    {
        using var channel = SlabChannel.Create<long>(mode, new() { Lanes = Lanes, Capacity = 8 });
        var readers = Enumerable.Range(0, consumers).Select(_ => channel.OpenReader()).ToArray();
        var consuming = readers.Select(reader => Hang.Start(() => Consume(reader))).ToArray();
        var producing = Enumerable.Range(0, Producers).Select(producer => Hang.Start(() => Produce(channel, producer))).ToArray();
        var published = await Task.WhenAll(producing).Guard();
        channel.Complete();
        var seen = await Task.WhenAll(consuming).Guard();
        await channel.Completion.Guard();

        // Within a tenancy in order; each message once.
        foreach (var one in seen)
        {
            var last = new Dictionary<long, long>();
            foreach (var number in one)
            {
                var tenancy = number / Longest;
                Assert.True(number % Longest > last.GetValueOrDefault(tenancy, -1), $"{number} after {last.GetValueOrDefault(tenancy, -1)}");
                last[tenancy] = number % Longest;
            }
        }
        Assert.Equal(published.SelectMany(static all => all).Order(), seen.SelectMany(static all => all).Order());
        Assert.Equal((0, 0, 0), (channel.Statistics.OpenClaims, channel.Statistics.Producers, channel.Statistics.HeldLeases));
        Assert.False(channel.Core.Items.Gate.HasWaiters);
        channel.Dispose();
        Assert.True(channel.Slab.IsDisposed);
    }

    private static List<long> Produce(SlabChannel<long> channel, int producer)
    {
        var random = new Random(producer);
        var published = new List<long>();
        for (var tenancy = 0L; tenancy < Tenancies; tenancy++)
        {
            using var end = Enter(channel);
            var first = (producer * Tenancies + tenancy) * Longest;
            var count = random.Next(Longest - 1);
            for (var i = 0; i < count; i++)
            {
                end.Publish(first + i);
                published.Add(first + i);
            }
            if (random.Next(2) == 0)
                continue;
            var claim = end.ClaimOwned();
            claim.Value = first + count;
            var publish = random.Next(3) > 0;
            if (publish)
                published.Add(first + count);
            var ending = Task.Run(() =>
            {
                if (publish)
                    claim.Publish();
                claim.Dispose();
            });
            if (random.Next(2) == 0)
                ending.Wait();
            end.Dispose();
            ending.Wait();
        }
        return published;
    }

    private static SlabWriter<long> Enter(SlabChannel<long> channel)
    {
        while (true)
        {
            try
            {
                return channel.OpenWriter();
            }
            catch (ChannelRoleException)
            {
                Thread.Yield();
            }
        }
    }

    private static List<long> Consume(SlabReader<long> reader)
    {
        var seen = new List<long>();
        foreach (var lease in reader.TakeAll())
        {
            using (lease)
                seen.Add(lease.Value);
        }
        return seen;
    }
}
