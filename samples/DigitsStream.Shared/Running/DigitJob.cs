namespace Psyne.Flow.Samples.Digits;

/// <summary>What a pipeline works on, and where it leaves what it finds. A run has one of its own.</summary>
public sealed class DigitJob(RunOptions options, DigitFile file)
{
    public RunOptions Options { get; } = options;

    public DigitFile File { get; } = file;

    public BadLines BadLines { get; } = new();

    public WindowLearner Learner { get; } = new();

    public ClassStatistics Statistics { get; } = new();

    /// <summary>What the windows showed, in their order.</summary>
    public WindowCurves Curves { get; } = new();

    /// <summary>Lines that are streamed when nothing is wrong with any.</summary>
    public long Lines => (long)File.Lines * Options.Epochs;

    /// <summary>Lines that will come to their end as far as is known: bad ones are left out, in every epoch.</summary>
    public long ExpectedImages => (long)(File.Lines - BadLines.Count) * Options.Epochs;

    /// <summary>Streams the file as often as the options say, each line built in its slot. Waits while the channel is full.</summary>
    /// <exception cref="SlabChannelClosedException">The channel was closed meanwhile.</exception>
    public void Stream(SlabWriter<DigitLine> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (var epoch = 0; epoch < Options.Epochs; epoch++)
        {
            for (var line = 1; line <= File.Lines; line++)
            {
                if (BadLines.Contains(line))
                    continue;
                var claim = writer.Claim(); // no using: nothing up to Publish can throw
                claim.Value.Fill(File.Line(line), line, File.IsHeldOut(line));
                claim.Publish();
            }
        }
    }
}
