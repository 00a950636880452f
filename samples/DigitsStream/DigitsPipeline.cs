using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks.Dataflow;
using Psyne.Flow;
using Psyne.Flow.Reactive;
using Psyne.Flow.Samples.Digits;

/// <summary>
/// The job as blocks over slabs: lines become images, which are scaled where they lie, and measured. The measured images go
/// two ways, with a share of their slot each: to the statistics in batches, and to the classifier in windows.
/// </summary>
internal sealed class DigitsPipeline
{
    private readonly DigitJob _job;
    private readonly StageGraph _graph = new();

    private DigitsPipeline(DigitJob job) => _job = job;

    public static StageGraph Build(DigitJob job)
    {
        var pipeline = new DigitsPipeline(job);
        var lines = pipeline.Read();
        var images = pipeline.Parse(lines);
        var features = pipeline.Measure(images);
        pipeline.Learn(features);
        pipeline.Summarise(features);
        return pipeline._graph;
    }

    private int Capacity => _job.Options.Capacity;

    private SlabBlockOptions Bounded => new() { BoundedCapacity = Capacity, CancellationToken = _graph.Stopping };

    /// <summary>The file's lines, written to a channel by a thread of their own.</summary>
    private SlabSourceBlock<Lease<DigitLine>> Read()
    {
        var lines = SlabChannel.CreateSpsc<DigitLine>(new SlabChannelOptions { Capacity = Capacity, Name = "lines" });
        var read = lines.Reader.AsSourceBlock(Bounded);

        void Write()
        {
            _job.Stream(lines.Writer); // throws when another stage failed and the graph closed the channel
            lines.Complete();
        }

        _graph.Own(lines);
        var file = _graph.Add(
            new Stage("lines", "SlabChannel<DigitLine>", "the file, line by line", () => StageCounts.Of(lines)),
            () => Task.Factory.StartNew(Write, TaskCreationOptions.LongRunning),
            fault => lines.Complete(fault));
        _graph.Note<DigitLine>(file, _graph.Add("read", "takes lines from the channel", read));
        return read;
    }

    /// <summary>Images, of the lines that can be read; each written into the slot of the next message.</summary>
    private SlabTransformBlock<DigitImage> Parse(SlabSourceBlock<Lease<DigitLine>> lines)
    {
        var parse = new SlabTransformBlock<DigitLine, DigitImage>(LineParser.Parse, new SlabBlockOptions
        {
            BoundedCapacity = Capacity,
            CancellationToken = _graph.Stopping,
            OnError = _job.Options.SkipBad ? BlockErrorPolicy.DeadLetter : BlockErrorPolicy.Fault,
        });
        var scale = new SlabTransformBlock<DigitImage>(DigitImage.Scale, Bounded);

        var parsed = _graph.Add("parse", "64 numbers and a digit", parse);
        _graph.Add("scale", "0..16 to 0..1, in place", scale);
        _graph.Link(lines, parse);
        _graph.Link(parse, scale);
        if (_job.Options.SkipBad)
            Skip(parse, parsed);
        return scale;
    }

    /// <summary>Lines that can't be read are noted, and given back.</summary>
    private void Skip(SlabTransformBlock<DigitLine, DigitImage> parse, Stage parsed)
    {
        var skip = new ActionBlock<DeadLetter<DigitLine>>(letter =>
        {
            using (letter)
                _job.BadLines.Add((LineFormatException)letter.Error);
        }, new ExecutionDataflowBlockOptions { CancellationToken = _graph.Stopping });
        parse.DeadLetters = skip;
        parse.Completion.ContinueWith(_ => skip.Complete(), TaskScheduler.Default);
        _graph.Note<DeadLetter<DigitLine>>(parsed, _graph.Add(
            "skip", "notes lines that can't be read", skip, () => new StageCounts(_job.BadLines.Count, skip.InputCount, -1, -1)));
    }

    /// <summary>What is measured on the images. Every link of the result gets all of it.</summary>
    private SlabBroadcastBlock<DigitFeatures> Measure(SlabTransformBlock<DigitImage> images)
    {
        var measure = new SlabTransformBlock<DigitImage, DigitFeatures>(DigitFeatures.Measure, Bounded);
        var share = new SlabBroadcastBlock<DigitFeatures>(Bounded);

        _graph.Add("measure", "ink, and where it lies", measure);
        _graph.Add("share", "each image to both sides", share);
        _graph.Link(images, measure);
        _graph.Link(measure, share);
        return share;
    }

    /// <summary>Trains and tests the classifier, a window of images at a time.</summary>
    private void Learn(SlabBroadcastBlock<DigitFeatures> features)
    {
        var keep = new SlabBufferBlock<DigitFeatures>(Bounded);
        var windows = keep.AsRetainedObservable()
            .BufferRetained(_job.Options.Window)
            .Select(window =>
            {
                using (window) // all slots go back
                    return _job.Learner.Learn(window);
            })
            .Do(_job.Curves.Add);

        var kept = _graph.Add("keep", "what the observer has not seen", keep);
        _graph.Link(features, keep);
        var stop = new CancellationTokenSource();
        var learn = _graph.Add(
            new Stage("learn", "IObservable<WindowResult>", $"nearest mean, by windows of {_job.Options.Window}", () => new StageCounts(_job.Learner.Handled, -1, -1, -1)),
            () => windows.LastOrDefaultAsync().ToTask(stop.Token),
            _ => stop.Cancel());
        _graph.Note<Lease<DigitFeatures>>(kept, learn);
    }

    /// <summary>Sums up each digit's images, a batch at a time.</summary>
    private void Summarise(SlabBroadcastBlock<DigitFeatures> features)
    {
        var batch = new SlabBatchBlock<DigitFeatures>(_job.Options.BatchSize, new SlabBatchOptions { BoundedCapacity = Capacity, CancellationToken = _graph.Stopping });
        var sum = new ActionBlock<OwnedLeaseBatch<DigitFeatures>>(images =>
        {
            using (images)
                _job.Statistics.Add(images);
        }, new ExecutionDataflowBlockOptions { BoundedCapacity = 16, CancellationToken = _graph.Stopping });

        _graph.Add("batch", $"{_job.Options.BatchSize} images together", batch);
        _graph.Add("sum", "means and variances of each digit", sum, () => new StageCounts(_job.Statistics.Batches, sum.InputCount, -1, -1));
        _graph.Link(features, batch);
        _graph.Link(batch, sum);
    }
}
