namespace Psyne.Flow.Samples.Digits;

/// <summary>The figures of one digit's images, in the scale of 0 (blank) to 1 (full ink).</summary>
/// <param name="Digit">0 to 9.</param>
/// <param name="Count">Images, at least one.</param>
/// <param name="MeanInk">The mean of the images' means.</param>
/// <param name="InkVariance">Of the images' means.</param>
/// <param name="CentreRow">Where the ink's weight lies, rows 0 to 7 from the top.</param>
/// <param name="CentreColumn">Where the ink's weight lies, columns 0 to 7 from the left.</param>
/// <param name="PixelMeans">64 means, row by row.</param>
/// <param name="PixelVariances">64 variances, row by row.</param>
public sealed record ClassFigures(
    int Digit, long Count, double MeanInk, double InkVariance, double CentreRow, double CentreColumn,
    IReadOnlyList<double> PixelMeans, IReadOnlyList<double> PixelVariances);
