namespace Psyne.Flow.FSharp

open System.Threading.Tasks
open Psyne.Flow
open Checks

[<RequireQualifiedAccess>]
module Batches =

    let mapWith (mapping: BatchMapping<'T, 'U>) (batches: BatchFlow<'T>) : Flow<'U> =
        notNull "mapping" mapping
        Stages.mapBatches "mapBatch" mapping batches

    let map (mapping: OwnedLeaseBatch<'T> -> 'U) (batches: BatchFlow<'T>) : Flow<'U> =
        notNull "mapping" mapping
        mapWith (BatchMapping(fun batch output -> output <- mapping batch)) batches

    let concat (batches: BatchFlow<'T>) : Flow<'T> = Stages.concat "concat" batches

    let iter (action: OwnedLeaseBatch<'T> -> unit) (batches: BatchFlow<'T>) =
        notNull "action" action

        let handle batch =
            action batch
            ValueTask<bool> true

        Ends.batchAction "iter" (fun () -> struct (handle, ignore)) batches

    let iterTask (action: OwnedLeaseBatch<'T> -> Task<unit>) (batches: BatchFlow<'T>) =
        notNull "action" action

        let handle batch =
            ValueTask<bool>(
                task {
                    do! action batch
                    return true
                }
            )

        Ends.batchAction "iter" (fun () -> struct (handle, ignore)) batches

    let fold (folder: 'State -> OwnedLeaseBatch<'T> -> 'State) (state: 'State) (batches: BatchFlow<'T>) =
        notNull "folder" folder

        let make () =
            let folding = Scanning<'State, OwnedLeaseBatch<'T>>(folder, state)

            let handle batch =
                folding.Add batch
                ValueTask<bool> true

            struct (handle, (fun () -> folding.State))

        Ends.batchAction "fold" make batches

    let toArray (batch: OwnedLeaseBatch<'T>) : 'T[] = Array.init batch.Count (fun index -> batch[index])
