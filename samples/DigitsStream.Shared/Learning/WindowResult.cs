namespace Psyne.Flow.Samples.Digits;

/// <summary>What the classifier did with one window of images.</summary>
/// <param name="Number">Which window, the first is 0.</param>
/// <param name="Trained">Images that it was trained on.</param>
/// <param name="Tested">Held-out images that it classified.</param>
/// <param name="Correct">How many of these it took for what they are.</param>
/// <param name="SumOfDistances">Of the training images to the mean of their own digit, as it was before the window.</param>
/// <param name="Measured">How many distances that are: a digit's first images have none.</param>
public readonly record struct WindowResult(long Number, long Trained, long Tested, long Correct, double SumOfDistances, long Measured)
{
    public long Images => Trained + Tested;

    /// <summary>The share of the held-out images that were taken for what they are; NaN where there were none.</summary>
    public double Accuracy => Tested == 0 ? double.NaN : (double)Correct / Tested;

    /// <summary>The mean distance of a training image to its digit's mean; NaN where none was measured.</summary>
    public double MeanDistance => Measured == 0 ? double.NaN : SumOfDistances / Measured;

    /// <summary>Two windows as one, with the number of the first.</summary>
    public static WindowResult operator +(WindowResult first, WindowResult second) => new(
        first.Number, first.Trained + second.Trained, first.Tested + second.Tested, first.Correct + second.Correct,
        first.SumOfDistances + second.SumOfDistances, first.Measured + second.Measured);
}
