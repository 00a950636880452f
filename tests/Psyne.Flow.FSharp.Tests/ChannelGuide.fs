/// The F# examples of the README and docs/guide-channels.md, word for word: what is between "// doc: name" and "// end".
/// DocumentationTests, among the C# tests, holds the two together.
module Psyne.Flow.FSharp.Tests.ChannelGuide

open System.Threading
open System.Threading.Tasks
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp

// doc: fsharp-message
[<Struct>]
type Reading = { mutable Sensor: int; mutable Celsius: float32 }
// end

[<Tests>]
let tests =
    testList "ChannelGuide" [
        testCase "Fsharp_AsInTheReadme_Works" (fun () ->
            // doc: fsharp
            use readings =
                Channel.defaults
                |> Channel.withCapacity 4096
                |> Channel.dropOldest
                |> Channel.spsc<Reading>

            readings |> Channel.write { Sensor = 1; Celsius = 21.5f }                                   // a copy
            readings |> Channel.writeWith (MessageBuilder(fun slot -> slot.Celsius <- 22.5f))           // in place
            Channel.complete readings

            let sum = readings |> Channel.fold (fun sum reading -> sum + reading.Celsius) 0f
            // end
            Expect.equal sum 44f "sum")

        testCase "FsharpLoop_AsInTheGuide_Works" (fun () ->
            use readings = Channel.spsc<Reading> Channel.defaults
            readings |> Channel.write { Sensor = 1; Celsius = 20f }
            Channel.complete readings
            // doc: fsharp-loop
            for lease in Channel.takeAll readings do    // on this thread, until it ends
                use lease = lease
                printfn $"sensor {lease.Value.Sensor}"
            // end
            Expect.equal (Channel.statistics readings).HeldLeases 0L "given back")

        testTask "FsharpMore_AsInTheGuide_Works" {
            use readings = Channel.defaults |> Channel.withCapacity 2 |> Channel.spsc<Reading>
            let seen = ResizeArray()
            let store (reading: Reading) = task { seen.Add reading.Sensor }
            // doc: fsharp-more
            match readings |> Channel.tryWrite { Sensor = 1; Celsius = 21.5f } with
            | Ok() -> ()
            | Error NotWritten.Full -> printfn "full"
            | Error NotWritten.Closed -> printfn "closed"

            let celsius = readings |> Channel.useMessage (MessageReader(fun reading -> reading.Celsius))    // in place

            let storing =
                readings
                |> Channel.iterTask CancellationToken.None (fun lease -> store lease.Value)                 // until it ends
            // end
            readings |> Channel.write { Sensor = 2; Celsius = 20f }
            Channel.complete readings
            do! storing
            Expect.equal celsius 21.5f "useMessage"
            Expect.sequenceEqual seen [ 2 ] "iterTask"
        }
    ]
