namespace Psyne.Flow.Samples.DigitsStream

open System
open System.Reactive.Linq
open System.Reactive.Threading.Tasks
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow
open Psyne.Flow.FSharp
open Psyne.Flow.Reactive
open Psyne.Flow.Samples.Digits

/// The job as a flow: lines become images, which are scaled where they lie, and measured. Then they go two ways: to the
/// classifier in windows, and to the statistics in batches.
module DigitsFlow =

    let private unknown = StageCounts(-1L, -1L, -1L, -1L)

    /// What a running flow tells of one of its stages.
    let private countsIn (running: RunningPipeline<'Result>) name =
        running.Statistics
        |> List.tryPick (fun struct (stage, counts) -> if stage = name then Some(StageCounts.Of counts) else None)
        |> Option.defaultValue unknown

    /// Trains and tests the classifier, a window at a time; the task ends with the flow.
    let private learn (job: DigitJob) (images: SlabBufferBlock<DigitFeatures>) (stop: CancellationToken) : Task =
        let windows =
            images
                .AsRetainedObservable()
                .BufferRetained(job.Options.Window)
                .Select(fun window ->
                    use window = window // all slots go back
                    job.Learner.Learn window)
                .Do(job.Curves.Add)

        windows.Count().ToTask stop

    /// The pipeline of a job, as a value.
    let private pipeline (job: DigitJob) (lines: SlabChannel<DigitLine>) (keep: SlabBufferBlock<DigitFeatures>) (letters: ITargetBlock<DeadLetter<DigitLine>>) =
        let stage name part = part |> Flow.withName name |> Flow.withCapacity job.Options.Capacity

        let features =
            Flow.ofChannel lines
            |> stage "read"
            |> Flow.mapWith (SlabTransform(fun line image -> LineParser.Parse(&line, &image)))
            |> stage "parse"
            |> (if job.Options.SkipBad then Flow.deadLetterOnError letters else id)
            |> Flow.mapInPlace (SlabMutation(fun image -> DigitImage.Scale &image))
            |> stage "scale"
            |> Flow.mapWith (SlabTransform(fun image features -> DigitFeatures.Measure(&image, &features)))
            |> stage "measure"
            |> Flow.broadcast 2

        let kept = features[0] |> Flow.toBlock keep |> Flow.withName "keep"

        let summed =
            features[1]
            |> Flow.batch job.Options.BatchSize
            |> stage "batch"
            |> Batches.iter job.Statistics.Add
            |> Flow.withName "sum"

        Flow.both kept summed

    let build (job: DigitJob) =
        let graph = StageGraph()

        let lines =
            Channel.defaults
            |> Channel.withCapacity job.Options.Capacity
            |> Channel.withName "lines"
            |> Channel.spsc<DigitLine>

        let keep = SlabBufferBlock<DigitFeatures>(SlabBlockOptions(BoundedCapacity = job.Options.Capacity))

        let letters =
            ActionBlock<DeadLetter<DigitLine>>(fun letter ->
                use letter = letter
                job.BadLines.Add(downcast letter.Error))

        let flow = pipeline job lines keep letters
        let started = TaskCompletionSource<RunningPipeline<unit * unit>>()

        let counts name =
            match name with
            | "keep" -> StageCounts.Of keep
            | "sum" -> StageCounts(job.Statistics.Batches, -1L, -1L, -1L)
            | _ when started.Task.IsCompleted -> countsIn started.Task.Result name
            | _ -> unknown

        let stop = new CancellationTokenSource()

        let write () =
            job.Stream lines.Writer // raises when another stage failed and the channel was closed
            Channel.complete lines

        let run () : Task =
            task {
                use running = Flow.run flow
                started.SetResult running
                use _ = stop.Token.Register(fun () -> running.Cancel())

                try
                    do! running.Completion :> Task
                finally
                    letters.Complete()

                do! letters.Completion
            }

        graph.Own lines

        let file =
            graph.Add(
                Stage("lines", "SlabChannel<DigitLine>", "the file, line by line", fun () -> StageCounts.Of lines),
                (fun () -> Task.Factory.StartNew(write, TaskCreationOptions.LongRunning)),
                (fun fault -> lines.Complete fault |> ignore)
            )

        let stages = flow |> FlowStages.addTo graph counts
        graph.Note<DigitLine>(file, stages["read"])

        let learner =
            graph.Add(
                Stage("learn", "IObservable<WindowResult>", $"nearest mean, by windows of {job.Options.Window}", fun () -> StageCounts(job.Learner.Handled, -1L, -1L, -1L)),
                (fun () -> learn job keep stop.Token),
                ignore
            )

        graph.Note<Lease<DigitFeatures>>(stages["keep"], learner)
        graph.Run(run, (fun _ -> stop.Cancel()))
        graph
