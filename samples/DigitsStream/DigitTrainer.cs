using Psyne.Flow;

/// <summary>The consumer: trains and tests a classifier on the images where they lie, and notes how many wait.</summary>
internal sealed class DigitTrainer(SlabReader<DigitImage> reader)
{
    private readonly NearestCentroid _classifier = new();
    private long _handled;

    /// <summary>Images handled so far; any thread may look.</summary>
    public long Handled => Volatile.Read(ref _handled);

    public int Tested { get; private set; }
    public int Correct { get; private set; }
    public long SumOfWaiting { get; private set; }
    public long MostWaiting { get; private set; }

    /// <summary>Handles images until the channel is completed and empty.</summary>
    public void Run()
    {
        while (reader.WaitToTake(Timeout.InfiniteTimeSpan))
        {
            while (reader.TryTake(out var lease))
            {
                using (lease)
                    Handle(in lease.Value);
                Volatile.Write(ref _handled, _handled + 1);
                SumOfWaiting += reader.Count;
                MostWaiting = Math.Max(MostWaiting, reader.Count);
            }
        }
    }

    private void Handle(in DigitImage image)
    {
        if (image.IsHeldOut)
        {
            Tested++;
            Correct += _classifier.Classify(in image) == image.Label ? 1 : 0;
        }
        else
            _classifier.Train(in image);
    }
}
