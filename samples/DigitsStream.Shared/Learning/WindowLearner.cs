namespace Psyne.Flow.Samples.Digits;

/// <summary>Trains and tests the classifier, a window of images at a time, in their order.</summary>
/// <remarks>One thread at a time; <see cref="Handled"/> from any.</remarks>
public sealed class WindowLearner
{
    private readonly long[] _confusion = new long[NearestCentroid.Classes * NearestCentroid.Classes];
    private long _handled;
    private long _windows;

    public NearestCentroid Classifier { get; } = new();

    /// <summary>Images handled so far.</summary>
    public long Handled => Volatile.Read(ref _handled);

    public long Trained { get; private set; }

    public long Tested { get; private set; }

    public long Correct { get; private set; }

    /// <summary>The share of the held-out images that were taken for what they are; NaN where there were none.</summary>
    public double Accuracy => Tested == 0 ? double.NaN : (double)Correct / Tested;

    /// <summary>How often an image of one digit was taken for another, or for itself.</summary>
    public long Confusion(int digit, int takenFor) => _confusion[digit * NearestCentroid.Classes + takenFor];

    /// <summary>Handles a window. The leases stay the caller's.</summary>
    public WindowResult Learn(IReadOnlyList<Lease<DigitFeatures>> window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var (trained, tested, correct, measured, sum) = (0, 0, 0, 0, 0.0);
        for (var i = 0; i < window.Count; i++) // before the window changes the means
        {
            ref readonly var features = ref window[i].Value;
            if (features.IsHeldOut || Classifier.Count(features.Label) == 0)
                continue;
            sum += Classifier.Distance(in features, features.Label);
            measured++;
        }
        for (var i = 0; i < window.Count; i++)
        {
            ref readonly var features = ref window[i].Value;
            if (features.IsHeldOut)
            {
                tested++;
                correct += Test(in features) ? 1 : 0;
            }
            else
            {
                trained++;
                Classifier.Train(in features);
            }
        }
        Trained += trained;
        Tested += tested;
        Correct += correct;
        Volatile.Write(ref _handled, _handled + window.Count);
        return new WindowResult(_windows++, trained, tested, correct, sum, measured);
    }

    private bool Test(in DigitFeatures features)
    {
        var digit = Classifier.Classify(in features);
        if (digit < 0)
            throw new LineFormatException(features.Line, 0, "is to be tested, and none of the lines before it could be trained on.");
        _confusion[features.Label * NearestCentroid.Classes + digit]++;
        return digit == features.Label;
    }
}
