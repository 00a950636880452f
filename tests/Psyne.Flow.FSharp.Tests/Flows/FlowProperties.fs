/// Flows against functions of List that do the same, for random messages, bounds and degrees.
module Psyne.Flow.FSharp.Tests.Flows.FlowProperties

open System
open System.Threading.Tasks
open Expecto
open FsCheck
open Psyne.Flow
open Psyne.Flow.FSharp
open Psyne.Flow.FSharp.Tests.Flows.FlowCommon

/// A number in a range, made of any.
let private into least most (number: int) = least + int (uint32 number % uint32 (most - least + 1))

/// Options for a stage that may handle several messages at a time.
let private options (bound: int) (degree: int) part =
    part |> Flow.withCapacity (into 1 9 bound) |> Flow.withParallelism (into 1 3 degree)

/// Long enough that queues fill up and run round.
let private stretched (numbers: int list) = List.concat (List.replicate 8 numbers)

[<Tests>]
let tests =
    testList "FlowProperties" [
        testProperty "OfSeq_ToSeq_IsTheSame" (fun (numbers: int list) ->
            let numbers = stretched numbers
            Flow.ofSeq numbers |> Flow.toSeq |> List.ofSeq = numbers)

        testProperty "OfChannel_ToSeq_IsTheSame" (fun (numbers: int64 list) ->
            use channel = channelOf numbers
            Flow.ofChannel channel |> Flow.toSeq |> List.ofSeq = numbers)

        testProperty "Map_IsListMap" (fun (numbers: int list) bound degree ->
            let numbers = stretched numbers
            let mapped = Flow.ofSeq numbers |> Flow.map (fun number -> int64 number * 3L) |> options bound degree
            listOf mapped = List.map (fun number -> int64 number * 3L) numbers)

        testProperty "MapInPlace_IsListMap" (fun (numbers: int list) bound degree ->
            let mapped = Flow.ofSeq numbers |> Flow.mapInPlace (SlabMutation(fun number -> number <- number + 1)) |> options bound degree
            listOf mapped = List.map (fun number -> number + 1) numbers)

        testProperty "MapAsync_Ordered_IsListMap" (fun (numbers: int list) bound degree ->
            let slow number =
                task {
                    if number % 3 = 0 then
                        do! Task.Yield()

                    return number * 2
                }

            listOf (Flow.ofSeq numbers |> Flow.mapAsync slow |> options bound degree) = List.map (fun number -> number * 2) numbers)

        testProperty "MapAsync_Unordered_LosesNothing" (fun (numbers: int list) bound degree ->
            let slow number =
                task {
                    if number % 3 = 0 then
                        do! Task.Yield()

                    return number
                }

            let mapped = Flow.ofSeq numbers |> Flow.mapAsync slow |> options bound degree |> Flow.unordered
            List.sort (listOf mapped) = List.sort numbers)

        testProperty "Map_OfLargeMessages_IsListMap" (fun (numbers: int list) bound degree ->
            let mapped =
                Flow.ofSeq (List.map large numbers)
                |> Flow.map (fun message -> { message with Id = message.Id + 1L })
                |> options bound degree

            listOf mapped = List.map (fun number -> large (number + 1)) (numbers |> List.filter (fun number -> number < Int32.MaxValue)) || List.contains Int32.MaxValue numbers)

        testProperty "Filter_IsListFilter" (fun (numbers: int list) bound degree ->
            let numbers = stretched numbers
            let even number = number % 2 = 0
            listOf (Flow.ofSeq numbers |> Flow.filter even |> options bound degree) = List.filter even numbers)

        testProperty "Choose_IsListChoose" (fun (numbers: int list) bound degree ->
            let halved number = if number % 2 = 0 then ValueSome(int64 number / 2L) else ValueNone
            let chosen = Flow.ofSeq numbers |> Flow.choose halved |> options bound degree
            listOf chosen = List.choose (halved >> function ValueSome half -> Some half | ValueNone -> None) numbers)

        testProperty "Collect_IsListCollect" (fun (numbers: int list) bound ->
            let several number = List.init (into 0 5 number) (fun index -> number + index)
            let collected = Flow.ofSeq numbers |> Flow.collect (fun number -> Seq.ofList (several number)) |> Flow.withCapacity (into 1 9 bound)
            listOf collected = List.collect several numbers)

        testProperty "CollectWith_IsListCollect" (fun (numbers: int list) bound degree ->
            let several number = List.init (into 0 5 number) (fun index -> number + index)

            let expansion =
                SlabExpansion<int, int>(fun number index output ->
                    output <- number + index
                    index < into 0 5 number)

            listOf (Flow.ofSeq numbers |> Flow.collectWith expansion |> options bound degree) = List.collect several numbers)

        testProperty "Scan_IsListScanWithoutItsStart" (fun (numbers: int list) (start: int64) bound ->
            let scanned = Flow.ofSeq numbers |> Flow.scan (fun sum number -> sum + int64 number) start |> Flow.withCapacity (into 1 9 bound)
            listOf scanned = List.tail (List.scan (fun sum number -> sum + int64 number) start numbers))

        testProperty "Fold_IsListFold" (fun (numbers: int list) (text: string) ->
            let add state (number: int) = $"{state}{number}"
            (Flow.ofSeq numbers |> Flow.fold add text |> finish) = List.fold add text numbers)

        testProperty "Batch_IsListChunkBySize" (fun (numbers: int list) size ->
            let numbers = stretched numbers
            let size = into 1 9 size
            listsOf (Flow.ofSeq numbers |> Flow.batch size) = List.chunkBySize size numbers)

        testProperty "Batch_OfLargeMessages_IsListChunkBySize" (fun (numbers: int list) size bound ->
            let size = into 1 9 size
            let messages = List.map large numbers
            listsOf (Flow.ofSeq messages |> Flow.batch size |> Flow.withCapacity (size + into 0 9 bound)) = List.chunkBySize size messages)

        testProperty "Concat_UndoesBatch" (fun (numbers: int list) size bound ->
            let batches = Flow.ofSeq numbers |> Flow.batch (into 1 9 size)
            listOf (batches |> Batches.concat |> Flow.withCapacity (into 1 9 bound)) = numbers)

        testProperty "Window_IsEverySoManiethOfListWindowed" (fun (numbers: int list) size step bound ->
            let size, step = into 1 7 size, into 1 9 step
            let windows = Flow.ofSeq numbers |> Flow.window size step |> Flow.withCapacity (into 1 9 bound)

            let expected =
                List.windowed size numbers |> List.indexed |> List.filter (fun (index, _) -> index % step = 0) |> List.map snd

            listsOf windows = expected)

        testProperty "Window_OfLargeMessages_IsListWindowed" (fun (numbers: int list) size ->
            let size = into 1 7 size
            listsOf (Flow.ofSeq (List.map large numbers) |> Flow.window size 1) = List.windowed size (List.map large numbers))

        testProperty "Zip_IsListZipOfTheShorter" (fun (first: int list) (second: int64 list) bound ->
            let first, second = stretched first, List.concat (List.replicate 5 second)
            let zipped = Flow.zip (Flow.ofSeq first) (Flow.ofSeq second) |> Flow.withCapacity (into 1 9 bound)
            let shorter = min first.Length second.Length
            listOf zipped = [ for one, other in List.zip (List.take shorter first) (List.take shorter second) -> struct (one, other) ])

        testProperty "Merge_KeepsEachSourcesOrder" (fun (lengths: int list) bound ->
            let lists = lengths |> List.truncate 4 |> List.mapi (fun source length -> List.init (into 0 60 length) (fun index -> struct (source, index)))

            let merged =
                Flow.merge (Flow.ofSeq [] :: [ for list in lists -> Flow.ofSeq list ]) |> Flow.withCapacity (into 1 9 bound) |> listOf

            merged.Length = List.sumBy List.length lists
            && List.forall id [ for source, list in List.indexed lists -> (merged |> List.filter (fun struct (from, _) -> from = source)) = list ])

        testProperty "Broadcast_GivesEveryBranchEverything" (fun (numbers: int list) branches bound ->
            let numbers = stretched numbers

            let ends =
                Flow.ofSeq numbers
                |> Flow.broadcast (into 1 4 branches)
                |> List.mapi (fun index branch ->
                    (if index % 2 = 0 then branch |> Flow.withCapacity (into 1 9 bound) else branch)
                    |> Flow.fold (fun seen number -> number :: seen) [])

            Flow.all ends |> finish |> List.forall (fun seen -> List.rev seen = numbers))

        testProperty "Broadcast_OfLargeMessages_GivesEveryBranchEverything" (fun (numbers: int list) branches ->
            let messages = List.map large numbers

            let ends =
                Flow.ofSeq messages
                |> Flow.broadcast (into 1 3 branches)
                |> List.map (Flow.fold (fun seen message -> message :: seen) [])

            Flow.all ends |> finish |> List.forall (fun seen -> List.rev seen = messages))

        testProperty "Split_IsListPartition" (fun (numbers: int list) bound ->
            let numbers = stretched numbers
            let even number = number % 2 = 0
            let evens, odds = Flow.ofSeq numbers |> Flow.split even
            let gather flow = flow |> Flow.withCapacity (into 1 9 bound) |> Flow.fold (fun seen number -> number :: seen) []
            let seenEvens, seenOdds = Flow.both (gather evens) (gather odds) |> finish
            (List.rev seenEvens, List.rev seenOdds) = List.partition even numbers)

        testProperty "ToChannel_WritesEverything" (fun (numbers: int list) capacity ->
            use target = Channel.defaults |> Channel.withCapacity (into 1 8 capacity) |> Channel.spsc<int>
            use running = Flow.ofSeq numbers |> Flow.toChannel target |> Flow.run
            let read = target |> Channel.fold (fun seen number -> number :: seen) []
            running |> Flow.wait
            List.rev read = numbers)

        testProperty "Batches_ToChannel_WriteEverything" (fun (numbers: int list) capacity size ->
            use target = Channel.defaults |> Channel.withCapacity (into 1 8 capacity) |> Channel.spsc<int>
            use running = Flow.ofSeq numbers |> Flow.batch (into 1 20 size) |> Flow.toChannel target |> Flow.run
            let read = target |> Channel.fold (fun seen number -> number :: seen) []
            running |> Flow.wait
            List.rev read = numbers)
    ]
