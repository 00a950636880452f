/// Async streams out of blocks and into channels, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.StreamsTests

open System
open System.Threading
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp.Tests.CoreFromFSharp.Common

[<Tests>]
let tests =
    testList "CoreFromFSharp.Streams" [
        testTask "Block_IsAStream_ThatIsWrittenToChannels" {
            use channel = SlabChannel.CreateSpsc<int>()

            for number in 1..4 do
                let value = number
                channel.Writer.Publish &value

            channel.Complete() |> ignore
            let block = channel.Reader.AsSourceBlock()
            use copy = block.ReadAllAsync(CancellationToken.None).Values().ToChannel(SlabChannelOptions(Capacity = 8), ChannelMode.Spmc)
            use second = SlabChannel.CreateSpsc<int>()
            do! copy.Reader.ReadAllAsync().Values().WriteToAsync(second.Writer)
            let! numbers = drain (second.Reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.Value)
            Expect.equal numbers [ 1; 2; 3; 4 ] "numbers"
        }

        testTask "WriteEnd_IsATargetBlock" {
            use channel = SlabChannel.CreateSpsc<int>()
            use target = SlabChannel.CreateSpsc<int>()
            let block = target.Writer.AsTargetBlock(DataflowBlockOptions(NameFormat = "end"))
            let value = 7
            channel.Writer.Publish &value
            use _ = channel.Reader.AsSourceBlock().LinkTo(block, DataflowLinkOptions())
            use lease = target.Reader.Take()
            Expect.equal lease.Value 7 "value"
            block.Complete()
            do! block.Completion
            Expect.equal (block.ToString(), block.Statistics.Received) ("end", 1L) "block"
        }
    ]
