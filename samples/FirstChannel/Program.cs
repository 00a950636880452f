using Psyne.Flow;

using var readings = SlabChannel.CreateSpsc<Reading>();    // one producer, one consumer

var producer = Task.Run(() =>
{
    for (int i = 0; i < 1_000_000; i++)
    {
        using var claim = readings.Writer.Claim();         // a slot of the slab; waits while the channel is full
        claim.Value = new Reading(i % 10, 20 + i % 7);
        claim.Publish();                                   // without it, the slot is given back
    }
    readings.Complete();
});

double sum = 0;
await foreach (var lease in readings.Reader.ReadAllAsync())
    using (lease)                                          // the slot is free again at the end
        sum += lease.Value.Celsius;                        // read where it lies

Console.WriteLine($"mean {sum / 1_000_000:F2} degrees");

internal record struct Reading(int Sensor, float Celsius);
