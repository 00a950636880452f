/// The examples of docs/guide-fsharp.md, word for word: what is between "// doc: name" and "// end".
/// DocumentationTests, among the C# tests, holds the two together.
module Psyne.Flow.FSharp.Tests.Flows.FlowGuide

open System
open System.Threading
open System.Threading.Tasks
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp

// doc: flow-messages
[<Struct>]
type Image = { Label: int; Brightness: float32 }

[<Struct>]
type Features = { mutable Class: int; mutable Value: float32 }

let decode (image: Image) = { Class = image.Label; Value = image.Brightness }
let normalise = SlabMutation<Features>(fun features -> features.Value <- features.Value / 255f)
// end

let private imagesOf count = [ for number in 1..count -> { Label = number % 10; Brightness = float32 number } ]

let private channelOf (messages: 'T list) =
    let channel = Channel.defaults |> Channel.withCapacity messages.Length |> Channel.spsc<'T>

    for message in messages do
        channel |> Channel.write message

    Channel.complete channel
    channel

/// The folder with the solution, above the one that the tests were built into.
let rec private repository (folder: string) =
    if IO.File.Exists(IO.Path.Combine(folder, "Psyne.Flow.sln")) then
        folder
    else
        match IO.Directory.GetParent folder with
        | null -> invalidOp "The tests don't run in a folder of the repository."
        | parent -> repository parent.FullName

[<Tests>]
let tests =
    testList "FlowGuide" [
        testTask "Flow_AsInTheGuide_Runs" {
            use images = channelOf (imagesOf 100)
            use target = Channel.spsc<Features> Channel.defaults
            // doc: flow
            let pipeline =
                Flow.ofChannel images
                |> Flow.map decode                      // by value
                |> Flow.mapInPlace normalise            // where it lies
                |> Flow.filter (fun features -> features.Class <> 0)
                |> Flow.batch 32
                |> Flow.toChannel target                // a value: nothing has run

            use running = Flow.run pipeline
            do! running.Completion                      // when every block has ended
            // end
            Expect.equal target.Count 90L "features"
        }

        testCase "Drawing_AsInTheGuide_IsThis" (fun () ->
            use images = channelOf (imagesOf 1)
            use target = Channel.spsc<Features> Channel.defaults
            // doc: flow-drawing
            let drawing =
                Flow.ofChannel images
                |> Flow.withName "images"
                |> Flow.map decode
                |> Flow.withName "decode"
                |> Flow.withParallelism 4
                |> Flow.toChannel target
                |> Flow.toMermaid
            // end
            let guide = IO.File.ReadAllText(IO.Path.Combine(repository AppContext.BaseDirectory, "docs", "guide-fsharp.md"))
            Expect.isTrue (guide.Contains("```mermaid\n" + drawing + "```")) drawing)

        testTask "Ends_AsInTheGuide_Work" {
            let readings = Flow.ofSeq [ 1f..10f ]
            let store (_: float32) = ()
            // doc: flow-ends
            let! sum = (readings |> Flow.fold (+) 0f |> Flow.run).Completion        // a state of any type

            let firstThree = readings |> Flow.toSeq |> Seq.take 3 |> List.ofSeq      // cancels the rest

            use running = readings |> Flow.runWith store                             // a function for each
            do! running.Completion
            // end
            Expect.equal sum 55f "sum"
            Expect.equal firstThree [ 1f; 2f; 3f ] "three"
        }

        testTask "Branches_AsInTheGuide_Work" {
            let images = Flow.ofSeq (imagesOf 100)
            let show (_: Image) = ()
            // doc: flow-branches
            let branches = images |> Flow.broadcast 2                      // each gets every image
            let bright, dark = branches[0] |> Flow.split (fun image -> image.Brightness > 50f)

            let counts =
                Flow.all
                    [ bright |> Flow.fold (fun count _ -> count + 1) 0
                      dark |> Flow.fold (fun count _ -> count + 1) 0 ]

            let shown = branches[1] |> Flow.iter show

            let! counted, () = (Flow.both counts shown |> Flow.run).Completion    // an int list, and nothing
            // end
            Expect.equal counted [ 50; 50 ] "counts"
        }

        testTask "Together_AsInTheGuide_Works" {
            let indoors, outdoors = Flow.ofSeq [ 1f; 2f; 3f ], Flow.ofSeq [ 10f; 20f ]
            // doc: flow-together
            let all = Flow.merge [ indoors; outdoors ]                     // ends when both have
            let pairs = Flow.zip indoors outdoors                          // struct (indoors, outdoors); ends with the shorter

            let differences =
                Flow.zipWith (MessageZip(fun inside outside output -> output <- outside - inside)) indoors outdoors
            // end
            Expect.equal (all |> Flow.toSeq |> Seq.sum) 36f "merge"
            Expect.equal (pairs |> Flow.toSeq |> List.ofSeq) [ struct (1f, 10f); struct (2f, 20f) ] "zip"
            Expect.equal (differences |> Flow.toSeq |> List.ofSeq) [ 9f; 18f ] "zipWith"
        }

        testTask "Batches_AsInTheGuide_Work" {
            let readings = Flow.ofSeq [ 1f..10f ]
            // doc: flow-batches
            let mean (batch: OwnedLeaseBatch<float32>) =
                let mutable sum = 0f

                for index in 0 .. batch.Count - 1 do
                    sum <- sum + batch[index]

                sum / float32 batch.Count

            let means = readings |> Flow.batchWithin (TimeSpan.FromSeconds 1.0) 32 |> Batches.map mean
            let moving = readings |> Flow.window 4 1 |> Batches.map mean             // of the last four
            // end
            Expect.equal (means |> Flow.toSeq |> List.ofSeq) [ 5.5f ] "means"
            Expect.equal (moving |> Flow.toSeq |> List.ofSeq) [ 2.5f .. 1f .. 8.5f ] "moving"
        }

        testTask "Options_AsInTheGuide_Work" {
            let numbers = Flow.ofSeq [ 1..10 ]
            let attempts = ref 0

            let fetch number =
                task {
                    if number = 5 then
                        attempts.Value <- attempts.Value + 1
                        failwith "out of reach"

                    return number
                }
            // doc: flow-options
            let letters = BufferBlock<DeadLetter<int>>()

            let fetched =
                numbers
                |> Flow.mapAsync fetch
                |> Flow.withName "fetch"
                |> Flow.withParallelism 8                                  // results in order; Flow.unordered: as they come
                |> Flow.withCapacity 64
                |> Flow.retryOnError 3 (TimeSpan.FromMilliseconds 10.0)    // then:
                |> Flow.deadLetterOnError letters                          // or skipOnError, or faultOnError, the default
            // end
            Expect.equal (fetched |> Flow.toSeq |> List.ofSeq) (List.except [ 5 ] [ 1..10 ]) "fetched"
            use letter = letters.Receive()
            Expect.equal (letter.Message.Value, attempts.Value) (5, 4) "letter"
        }

        testTask "Rate_AsInTheGuide_Works" {
            let numbers = Flow.ofSeq [ 1..10 ]
            let send (_: int) = ()
            use stop = new CancellationTokenSource()
            // doc: flow-rate
            let polite =
                numbers
                |> Flow.throttle 100 (TimeSpan.FromSeconds 1.0)            // the others wait: nothing is lost
                |> Flow.iter send
                |> Flow.withCancellation stop.Token
            // end
            do! (Flow.run polite).Completion
        }

        testTask "Observe_AsInTheGuide_Works" {
            let readings = Flow.ofSeq [ 1f..10f ]
            let ended = TaskCompletionSource()

            let observer =
                { new IObserver<float32> with
                    member _.OnNext _ = ()
                    member _.OnError fault = ended.SetException fault
                    member _.OnCompleted() = ended.SetResult() }
            // doc: flow-observe
            use subscription = (Flow.observe readings).Subscribe observer            // a run
            let watched = readings |> Flow.tapObserver observer                      // in passing
            // end
            do! ended.Task
            ignore watched
        }
    ]
