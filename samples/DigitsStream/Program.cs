using System.Diagnostics;
using System.Globalization;
using Psyne.Flow;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
RunOptions options;
try { options = RunOptions.Parse(args); }
catch (FormatException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{RunOptions.Usage}");
    return 2;
}
if (options.Help)
{
    Console.WriteLine(RunOptions.Usage);
    return 0;
}

// The channel is the slab that the images are built, wait and are read on.
using var channel = SlabChannel.Create<DigitImage>(options.Mode, new SlabChannelOptions { Capacity = options.Capacity, Name = "digits" });
Console.WriteLine($"{channel}, on {channel.Slab}");

var trainer = new DigitTrainer(channel.Reader); // opens the read end: a consumer of a broadcast sees what comes after that
long total = 0, allocated = 0, quarter = 0;
var time = Stopwatch.StartNew();
var producer = Task.Factory.StartNew(Produce, TaskCreationOptions.LongRunning);
var consumer = Task.Factory.StartNew(Consume, TaskCreationOptions.LongRunning);
while (await Task.WhenAny(consumer, Task.Delay(50)) != consumer)
    ShowProgress(trainer.Handled, Volatile.Read(ref total));
await Task.WhenAll(consumer, producer);
time.Stop();
ShowProgress(trainer.Handled, total);

Console.WriteLine($"""
    accuracy     {100.0 * trainer.Correct / trainer.Tested:F1}% on the held-out last quarter ({trainer.Correct:N0} of {trainer.Tested:N0})
    images       {total:N0} in {options.Epochs:N0} epochs and {time.Elapsed.TotalSeconds:F2} s
    rate         {total / time.Elapsed.TotalSeconds:N0} images/s
    occupancy    mean {(double)trainer.SumOfWaiting / total:N0}, most {trainer.MostWaiting:N0}, of {channel.Capacity:N0}
    allocations  {(double)allocated / total:F3} B/image ({allocated:N0} B in all, in both threads)
    """);
return 0;

void Produce()
{
    try
    {
        var digits = DigitFile.Read(Path.Combine(AppContext.BaseDirectory, "digits.csv.gz"));
        Volatile.Write(ref total, (long)digits.Images * options.Epochs);
        var writer = channel.Writer;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int epoch = 0; epoch < options.Epochs; epoch++)
            digits.PublishTo(writer);
        Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        channel.Complete();
    }
    catch (Exception fault)
    {
        channel.Complete(fault); // the consumer gets it once it has taken the rest
    }
}

void Consume()
{
    try
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Run();
        Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
    }
    finally
    {
        channel.Complete(); // a producer that waits for room must not wait for ever when this fails
    }
}

void ShowProgress(long done, long all) // a bar on a terminal, a line for each quarter elsewhere
{
    string count = $"{done:N0} of {all:N0} images";
    double share = all == 0 ? 0 : (double)done / all; // how many there are isn't known until the file is read
    if (!Console.IsOutputRedirected)
        Console.Write($"\r[{new string('#', (int)(40 * share)),-40}] {count}{(share == 1 ? "\n" : "")}");
    else if ((int)(4 * share) > quarter)
        Console.WriteLine(count);
    quarter = (int)(4 * share);
}
