/// Channels of frames and of tensors, as F# sees them without the F# face.
module Psyne.Flow.FSharp.Tests.CoreFromFSharp.FramesAndTensorsTests

open System
open System.Numerics.Tensors
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp.Tests.CoreFromFSharp.Common

[<Tests>]
let tests =
    testList "CoreFromFSharp.FramesAndTensors" [
        testCase "Frames_AreWrittenAndRead" (fun () ->
            use channel = SlabChannel.CreateFrames(ChannelMode.Mpmc, 32)
            use writer = channel.OpenWriter()
            use reader = channel.OpenReader()
            Expect.equal (channel.MaximumFrameBytes, channel.Writer.MaximumFrameBytes, channel.Reader.Count) (32, 32, 0L) "maximum"
            (use claim = writer.Claim 4
             claim.Bytes.Fill 7uy
             Expect.isTrue claim.IsOpen "open"
             claim.SetLength 3
             Expect.equal claim.Length 3 "length"
             claim.Publish())
            let mutable claim = Unchecked.defaultof<FrameClaim>
            Expect.isTrue (writer.TryClaim(4, &claim)) "TryClaim"
            claim.SetText "text"
            claim.Publish()
            Expect.equal (writer.TryClaim(4, within, &claim)) ClaimStatus.Claimed "TryClaim, timeout"
            claim.Dispose()
            writer.Publish(ReadOnlySpan [| 1uy; 2uy |])
            writer.Publish "hello"
            writer.Publish "one more"
            writer.Complete() |> ignore

            let mutable lease = Unchecked.defaultof<FrameLease>
            Expect.isTrue (reader.TryTake &lease) "TryTake"
            Expect.equal (lease.Bytes.ToArray()) [| 7uy; 7uy; 7uy |] "bytes"
            use retained = lease.Retain()
            lease.Dispose()
            Expect.equal (lease.IsHeld, retained.Length) (false, 3) "retained"
            (use second = reader.Take()
             Expect.equal (second.GetText()) "text" "Take")
            Expect.equal (reader.TryTake(within, &lease)) TakeStatus.Taken "TryTake, timeout"
            lease.Dispose()

            let texts = ResizeArray()

            for lease in reader.TakeAll() do
                use lease = lease
                texts.Add(lease.GetText())

            Expect.sequenceEqual texts [ "hello"; "one more" ] "TakeAll"
            let rest = (drain (reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.GetText())).Result
            Expect.sequenceEqual rest [] "ReadAllAsync")

        testTask "Frames_AreHeardAndDropped" {
            use channel = SlabChannel.CreateFrames(ChannelMode.Spsc, 32, fullModes FullMode.DropNewest)
            let dropped = ResizeArray()
            let handler = FrameDroppedHandler(fun frame reason -> dropped.Add((frame.Length, reason)))
            channel.add_FrameDropped handler
            channel.Writer.Publish "kept"
            channel.Writer.Publish "lost"
            channel.remove_FrameDropped handler
            Expect.sequenceEqual dropped [ (4, DropReason.Newest) ] "dropped"
            channel.Complete() |> ignore
            let seen = ResizeArray()
            use listener = channel.Reader.Listen(fun frame -> seen.Add frame.Length)
            do! listener.Completion
            Expect.sequenceEqual seen [ 4 ] "Listen"
        }

        testCase "Tensors_AreWrittenAndRead" (fun () ->
            let shape = [| 2n; 3n |]
            use channel = SlabChannel.Create<float32>(ChannelMode.Mpmc, ReadOnlySpan shape)
            use writer = channel.OpenWriter()
            use reader = channel.OpenReader()
            Expect.equal (channel.Shape.ToArray(), channel.HasShapeHeader, channel.MaximumElements) (shape, false, 6n) "shape"
            Expect.equal (channel.Writer.IsClosed, channel.Reader.Count) (false, 0L) "ends"
            (use claim = writer.Claim()
             claim.Tensor.Fill 2f |> ignore
             Expect.equal (claim.IsOpen, claim.Span.Length) (true, 6) "claim"
             claim.Publish())
            let mutable claim = Unchecked.defaultof<TensorClaim<float32>>
            Expect.isTrue (writer.TryClaim &claim) "TryClaim"
            claim.Span.Fill 3f
            claim.Publish()
            Expect.equal (writer.TryClaim(ReadOnlySpan shape, within, &claim)) ClaimStatus.Claimed "TryClaim, timeout"
            claim.Dispose()
            (use claim = writer.Claim(ReadOnlySpan shape)
             claim.Span.Fill 4f
             claim.Publish())
            (use claim = writer.Claim()
             claim.Span.Fill 5f
             claim.Publish())
            writer.Publish(ReadOnlySpan [| 6f; 7f; 8f; 9f; 10f; 11f |])
            writer.Publish(ReadOnlySpan(Array.replicate 6 12f), ReadOnlySpan shape)
            writer.Complete() |> ignore

            let mutable lease = Unchecked.defaultof<TensorLease<float32>>
            Expect.isTrue (reader.TryTake &lease) "TryTake"
            let tensor = lease.Tensor
            Expect.equal (Tensor.Sum &tensor) 12f "a sum on the slab"
            use retained = lease.Retain()
            lease.Dispose()
            Expect.equal (lease.IsHeld, retained.Span[5]) (false, 2f) "retained"
            (use second = reader.Take()
             Expect.equal second.Span[0] 3f "Take")
            Expect.equal (reader.TryTake(within, &lease)) TakeStatus.Taken "TryTake, timeout"
            lease.Dispose()
            let mutable first = 0f

            for lease in reader.TakeAll() do
                use lease = lease
                first <- first + lease.Span[0]

            Expect.equal first (5f + 6f + 12f) "TakeAll"
            let rest = (drain (reader.ReadAllAsync()) (fun lease -> use lease = lease in lease.Span[0])).Result
            Expect.sequenceEqual rest [] "ReadAllAsync")

        testTask "Tensors_AreHeardAndDropped" {
            use channel = SlabChannel.CreateTensors<int>(ChannelMode.Spsc, 4n, fullModes FullMode.DropNewest)
            let dropped = ResizeArray()
            let handler = TensorDroppedHandler<int>(fun tensor reason -> dropped.Add((tensor.FlattenedLength, reason)))
            channel.add_TensorDropped handler

            for _ in 1..2 do
                use claim = channel.Writer.Claim(ReadOnlySpan [| 3n |])
                claim.Publish()

            channel.remove_TensorDropped handler
            Expect.sequenceEqual dropped [ (3n, DropReason.Newest) ] "dropped"
            channel.Complete() |> ignore
            let seen = ResizeArray()
            use listener = channel.Reader.Listen(fun tensor -> seen.Add tensor.FlattenedLength)
            do! listener.Completion
            Expect.sequenceEqual seen [ 3n ] "Listen"
        }

        testCase "Tensors_AreMadeInEveryMode" (fun () ->
            let shape = [| 2n |]
            use spsc = SlabChannel.CreateSpsc<sbyte>(ReadOnlySpan shape)
            use mpsc = SlabChannel.CreateMpsc<int16>(ReadOnlySpan shape)
            use spmc = SlabChannel.CreateSpmc<int64>(ReadOnlySpan shape)
            use mpmc = SlabChannel.CreateMpmc<Half>(ReadOnlySpan shape)
            use broadcast = SlabChannel.CreateBroadcast<BFloat16>(ReadOnlySpan shape)
            let channels: SlabChannel list = [ spsc; mpsc; spmc; mpmc; broadcast ]
            let modes = [ for channel in channels -> channel.Mode ]
            Expect.equal modes [ ChannelMode.Spsc; ChannelMode.Mpsc; ChannelMode.Spmc; ChannelMode.Mpmc; ChannelMode.Broadcast ] "modes")

        testCase "BFloat16_IsANumber" (fun () ->
            let one = BFloat16.One
            Expect.equal (float32 (one + one)) 2f "sum"
            Expect.isTrue (one < one + one) "order"
            Expect.equal (Seq.sum [ one; one ] |> float32) 2f "Seq.sum")
    ]
