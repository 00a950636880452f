namespace Psyne.Flow.FSharp

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Psyne.Flow

/// The stages as blocks of Core: each describes itself, and makes its block anew for each run.
module internal Stages =

    let private flow info connect = Flow<'U>(Stage<Lease<'U>>(info, StageOptions.Default, connect))

    let private info<'In, 'Out> kind (allows: Allows) (inputs: Stage list) =
        { Info.make kind typeof<'Out> with
            Consumes = typeof<'In>
            Allows = allows
            Inputs = inputs }

    /// A block behind another stage.
    let private behind (run: Run) (input: Stage<'In>) (block: 'Block when 'Block :> IPropagatorBlock<'In, 'Out>) : Port<'Out> =
        run.Watch block
        (input.Connect run).Link block
        BlockPort<'Out>(block)

    let private letters<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> (options: StageOptions) : ITargetBlock<DeadLetter<'T>> | null =
        match options.DeadLetters with
        | :? ITargetBlock<DeadLetter<'T>> as target -> target
        | _ -> null

    // From the second stage on, messages lie on slabs of the blocks.

    let transform kind (transform: SlabTransform<'T, 'U>) (source: Flow<'T>) : Flow<'U> =
        flow (info<'T, 'U> kind Allows.Functions [ source.Stage ]) (fun options run ->
            let block = SlabTransformBlock<'T, 'U>(transform, options.ForBlock(kind, run.Token))
            block.DeadLetters <- letters<'T> options
            run.CountErrors(fun () -> block.Errors)
            behind run source.Stage block)

    let transformAsync kind (transform: unit -> Func<Lease<'T>, OutputSlot<'U>, ValueTask>) (source: Flow<'T>) : Flow<'U> =
        flow (info<'T, 'U> kind Allows.Functions [ source.Stage ]) (fun options run ->
            let block = SlabTransformBlock<'T, 'U>.CreateAsync(transform (), options.ForBlock(kind, run.Token))
            block.DeadLetters <- letters<'T> options
            run.CountErrors(fun () -> block.Errors)
            behind run source.Stage block)

    let mutate kind allows (mutation: SlabMutation<'T>) (onEnded: (Outcome -> unit) voption) (source: Flow<'T>) : Flow<'T> =
        flow (info<'T, 'T> kind allows [ source.Stage ]) (fun options run ->
            let block = SlabTransformBlock<'T>(mutation, options.ForBlock(kind, run.Token))
            block.DeadLetters <- letters<'T> options
            run.CountErrors(fun () -> block.Errors)

            match onEnded with
            | ValueSome tell -> run.Tell(block.Completion, tell)
            | ValueNone -> ()

            behind run source.Stage block)

    /// One to many; the function is made for each run, so that it may have a state of its own.
    let expand kind detail allows (expansion: unit -> SlabExpansion<'T, 'U>) (source: Flow<'T>) : Flow<'U> =
        flow { info<'T, 'U> kind allows [ source.Stage ] with Detail = detail } (fun options run ->
            let block = SlabTransformManyBlock<'T, 'U>(expansion (), options.ForBlock(kind, run.Token))
            block.DeadLetters <- letters<'T> options
            run.CountErrors(fun () -> block.Errors)
            behind run source.Stage block)

    /// A transform with a state, made for each run.
    let stateful kind (make: unit -> SlabTransform<'T, 'U>) (source: Flow<'T>) : Flow<'U> =
        flow (info<'T, 'U> kind Allows.Function [ source.Stage ]) (fun options run ->
            let block = SlabTransformBlock<'T, 'U>(make (), options.ForBlock(kind, run.Token))
            block.DeadLetters <- letters<'T> options
            run.CountErrors(fun () -> block.Errors)
            behind run source.Stage block)

    /// A function that waits, one message at a time.
    let waiting kind detail (make: StageOptions -> CancellationToken -> Func<Lease<'T>, OutputSlot<'T>, ValueTask>) (source: Flow<'T>) : Flow<'T> =
        let info = { info<'T, 'T> kind (Allows.Queue ||| Allows.Clock) [ source.Stage ] with Detail = detail }

        flow info (fun options run ->
            let block = SlabTransformBlock<'T, 'T>.CreateAsync(make options run.Token, options.ForBlock(kind, run.Token))
            behind run source.Stage block)

    let private batchBlock kind (options: StageOptions) (run: Run) count bytes (delay: TimeSpan) =
        SlabBatchBlock<'T>(
            count,
            SlabBatchOptions(
                BoundedCapacity = max count (options.BoundFor count),
                MaxBytes = bytes,
                MaxDelay = delay,
                TimeProvider = options.Clock,
                CancellationToken = run.Token,
                NameFormat = options.NameFormat kind
            )
        )

    let batch kind detail allows count bytes delay (source: Flow<'T>) =
        let info =
            { info<'T, OwnedLeaseBatch<'T>> kind allows [ source.Stage ] with
                Detail = detail
                LeastCapacity = count }

        BatchFlow<'T>(
            Stage<OwnedLeaseBatch<'T>>(info, StageOptions.Default, fun options run ->
                behind run source.Stage (batchBlock kind options run count bytes delay))
        )

    /// Messages in the order in which they make up windows, each as often as it is in one; then batches of them.
    let window detail count (windows: unit -> SlabExpansion<'T, 'T>) (source: Flow<'T>) =
        let info =
            { info<'T, OwnedLeaseBatch<'T>> "window" Allows.Queue [ source.Stage ] with Detail = detail }

        BatchFlow<'T>(
            Stage<OwnedLeaseBatch<'T>>(info, StageOptions.Default, fun options run ->
                let repeat = SlabTransformManyBlock<'T, 'T>(windows (), options.ForBlock("window", run.Token))
                let batches = batchBlock "window" options run count (int64 DataflowBlockOptions.Unbounded) Timeout.InfiniteTimeSpan
                run.Watch batches
                (behind run source.Stage repeat).Link batches
                BlockPort<OwnedLeaseBatch<'T>>(batches))
        )

    let merge (sources: Flow<'T> list) : Flow<'T> =
        let inputs = sources |> List.map (fun source -> source.Stage :> Stage)

        flow { info<'T, 'T> "merge" Allows.Queue inputs with Shape = StageShape.Forks } (fun options run ->
            let block = SlabMergeBlock<'T>(sources.Length, options.ForBlock("merge", run.Token))
            run.Watch block

            for source in sources do
                (source.Stage.Connect run).Link block

            BlockPort<Lease<'T>>(block))

    /// Messages that a stage makes of something else than messages, through a channel of its own.
    let private bridged kind (options: StageOptions) (run: Run) (fill: SlabWriter<'U> -> Drain<'M>) : Port<Lease<'U>> =
        let channel = SlabChannel.CreateSpsc<'U>(options.ChannelOptions(sizeof<'U>, kind))
        run.Own channel
        (fill channel.Writer).Start()
        let source = channel.Reader.AsSourceBlock(options.ForBlock(kind, run.Token))
        run.Watch source
        BlockPort<Lease<'U>>(source)

    let zip kind (zip: MessageZip<'A, 'B, 'U>) (first: Flow<'A>) (second: Flow<'B>) : Flow<'U> =
        let allows = Allows.Capacity ||| Allows.Errors

        flow { info<'A, 'U> kind allows [ first.Stage; second.Stage ] with Shape = StageShape.Forks } (fun options run ->
            let join =
                SlabJoinBlock<'A, 'B>(
                    GroupingDataflowBlockOptions(
                        BoundedCapacity = options.Bound,
                        CancellationToken = run.Token,
                        NameFormat = options.NameFormat kind
                    )
                )

            run.Watch join
            let left = first.Stage.Connect run
            let right = second.Stage.Connect run
            left.Link join.Target1
            right.Link join.Target2

            // The longer side goes on for its other branches' sake; nobody wants the rest.
            run.Tell(
                join.Completion,
                fun _ ->
                    if not run.IsStopped then
                        left.Discard()
                        right.Discard()
            )

            bridged kind options run (fun writer -> ZipBridge<'A, 'B, 'U>(run, join, options, writer, zip)))

    let mapBatches kind (mapping: BatchMapping<'T, 'U>) (source: BatchFlow<'T>) : Flow<'U> =
        let allows = Allows.Capacity ||| Allows.Errors

        flow (info<OwnedLeaseBatch<'T>, 'U> kind allows [ source.Stage ]) (fun options run ->
            let batches = source.Stage.Connect run
            bridged kind options run (fun writer -> BatchBridge<'T, 'U>(run, batches.Block, options, writer, mapping)))

    let concat kind (source: BatchFlow<'T>) : Flow<'T> =
        flow (info<OwnedLeaseBatch<'T>, 'T> kind Allows.Capacity [ source.Stage ]) (fun options run ->
            let batches = source.Stage.Connect run

            bridged kind options run (fun writer ->
                BatchWriter<'T>(run, batches.Block, options, writer, (fun () -> writer.Complete() |> ignore))))

    // Branches: each is a flow whose input is the stage that they share, which is built once.

    let private branch (shared: Stage<'M>) count index label (connect: Port<'M> -> StageOptions -> Run -> Port<Lease<'T>>) : Flow<'T> =
        let info =
            { info<'T, 'T> "branch" Allows.Queue [ shared ] with
                Branch = ValueSome { Index = index; Count = count; Label = label } }

        flow info (fun options run -> connect (run.Shared(shared, (fun () -> shared.Connect run))) options run)

    let broadcast count (source: Flow<'T>) : Flow<'T> list =
        let info = { info<'T, 'T> "broadcast" Allows.Nothing [ source.Stage ] with Shape = StageShape.Forks }

        let shared =
            Stage<Lease<'T>>(info, StageOptions.Default, fun options run ->
                let block = SlabBroadcastBlock<'T>(options.ForBlock("broadcast", run.Token))
                run.Watch block
                (source.Stage.Connect run).Link block
                BranchPort<Lease<'T>>(fun target -> block.LinkTo(target, propagate) |> ignore))

        [ for index in 0 .. count - 1 ->
              branch shared count index (string (index + 1)) (fun port options run ->
                  if options.HasQueue then
                      let buffer = SlabBufferBlock<'T>(options.ForBlock("branch", run.Token))
                      run.Watch buffer
                      port.Link buffer
                      BlockPort<Lease<'T>>(buffer)
                  else
                      port) ]

    let split (predicate: 'T -> bool) (source: Flow<'T>) : Flow<'T> * Flow<'T> =
        let info = { info<'T, struct ('T * bool)> "split" Allows.Nothing [ source.Stage ] with Shape = StageShape.Forks; Element = typeof<'T> }

        let judge =
            SlabTransform<'T, struct ('T * bool)>(fun input output -> output <- struct (input, predicate input))

        let shared =
            Stage<Lease<struct ('T * bool)>>(info, StageOptions.Default, fun options run ->
                let judged = SlabTransformBlock<'T, struct ('T * bool)>(judge, options.ForBlock("split", run.Token))
                let block = SlabBroadcastBlock<struct ('T * bool)>(options.ForBlock("split", run.Token))
                run.Watch block
                (behind run source.Stage judged).Link block
                BranchPort<Lease<struct ('T * bool)>>(fun target -> block.LinkTo(target, propagate) |> ignore))

        let side index label (isMatch: bool) =
            branch shared 2 index label (fun port options run ->
                let bare =
                    SlabExpansion<struct ('T * bool), 'T>(fun input index output ->
                        let struct (value, judged) = input

                        if index = 0 && judged = isMatch then
                            output <- value
                            true
                        else
                            false)

                let block = SlabTransformManyBlock<struct ('T * bool), 'T>(bare, options.ForBlock("branch", run.Token))
                run.Watch block
                port.Link block
                BlockPort<Lease<'T>>(block))

        side 0 "match" true, side 1 "rest" false
