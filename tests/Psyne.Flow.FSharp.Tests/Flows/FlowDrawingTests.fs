/// Pipelines as pictures, word for word.
module Psyne.Flow.FSharp.Tests.Flows.FlowDrawingTests

open System
open System.Threading.Tasks.Dataflow
open Expecto
open Psyne.Flow
open Psyne.Flow.FSharp

let private lines (text: string) = text.Split '\n' |> List.ofArray

/// Sources that can't be read: drawing doesn't.
let private source<'T when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType> () : Flow<'T> =
    Flow.ofSeq (seq { invalidOp "drawing ran it" })

let private wide () =
    let letters = BufferBlock<DeadLetter<float>>()
    let few, many = source<int> () |> Flow.withName "numbers" |> Flow.split (fun number -> number < 3)

    let halves =
        few
        |> Flow.map float
        |> Flow.withName "halve"
        |> Flow.withParallelism 4
        |> Flow.unordered
        |> Flow.map (fun number -> number / 2.0)
        |> Flow.retryOnError 3 (TimeSpan.FromSeconds 1.0)
        |> Flow.deadLetterOnError letters

    let pairs = Flow.zip halves (many |> Flow.withCapacity 7)
    let branches = pairs |> Flow.broadcast 2
    let batches = branches[0] |> Flow.batch 32 |> Batches.iter ignore |> Flow.withName "train"
    let merged = Flow.merge [ branches[1]; source () ] |> Flow.withBytes 4096L |> Flow.window 4 2 |> Batches.fold (fun count _ -> count + 1) 0
    Flow.both batches merged

[<Tests>]
let tests =
    testList "FlowDrawing" [
        testCase "Mermaid_OfALine_IsThis" (fun () ->
            use target = Channel.spsc<float> Channel.defaults

            let pipeline =
                source<int> ()
                |> Flow.map float
                |> Flow.withName "decode"
                |> Flow.mapInPlace (SlabMutation(fun _ -> ()))
                |> Flow.skipOnError
                |> Flow.batch 32
                |> Flow.toChannel target

            let expected =
                [ "flowchart LR"
                  "    n1([\"ofSeq<br/>bound 1024\"])"
                  "    n2[\"decode<br/>map<br/>bound 1024\"]"
                  "    n3[\"mapInPlace<br/>bound 1024<br/>on error: skip\"]"
                  "    n4[\"batch 32<br/>bound 1024\"]"
                  "    n5([\"toChannel\"])"
                  "    n1 -->|\"Int32\"| n2"
                  "    n2 -->|\"Double\"| n3"
                  "    n3 -->|\"Double\"| n4"
                  "    n4 -->|\"OwnedLeaseBatch#lt;Double#gt;\"| n5"
                  "" ]

            Expect.equal (lines (Flow.toMermaid pipeline)) expected "Mermaid")

        testCase "Dot_OfBranches_IsThis" (fun () ->
            let expected =
                [ "digraph flow {"
                  "    rankdir=LR;"
                  "    n1 [shape=ellipse, label=\"numbers\\nofSeq\\nbound 1024\"];"
                  "    n2 [shape=hexagon, label=\"split\"];"
                  "    n3 [shape=box, label=\"halve\\nmap\\nbound 1024\\n4 at a time, unordered\"];"
                  "    n4 [shape=box, label=\"map\\nbound 1024\\non error: retry 3, then dead letter\"];"
                  "    n5 [shape=box, label=\"branch\\nbound 7\"];"
                  "    n6 [shape=hexagon, label=\"zip\\nbound 1024\"];"
                  "    n7 [shape=hexagon, label=\"broadcast\"];"
                  "    n8 [shape=box, label=\"batch 32\\nbound 1024\"];"
                  "    n9 [shape=ellipse, label=\"train\\niter\"];"
                  "    n10 [shape=ellipse, label=\"ofSeq\\nbound 1024\"];"
                  "    n11 [shape=hexagon, label=\"merge\\nbound 1024, 4096 bytes\"];"
                  "    n12 [shape=box, label=\"window of 4 by 2\\nbound 1024\"];"
                  "    n13 [shape=ellipse, label=\"fold\"];"
                  "    n1 -> n2 [label=\"Int32\"];"
                  "    n2 -> n3 [label=\"Int32, match\"];"
                  "    n3 -> n4 [label=\"Double\"];"
                  "    n2 -> n5 [label=\"Int32, rest\"];"
                  "    n4 -> n6 [label=\"Double\"];"
                  "    n5 -> n6 [label=\"Int32\"];"
                  "    n6 -> n7 [label=\"struct (Double * Int32)\"];"
                  "    n7 -> n8 [label=\"struct (Double * Int32), 1\"];"
                  "    n8 -> n9 [label=\"OwnedLeaseBatch<struct (Double * Int32)>\"];"
                  "    n7 -> n11 [label=\"struct (Double * Int32), 2\"];"
                  "    n10 -> n11 [label=\"struct (Double * Int32)\"];"
                  "    n11 -> n12 [label=\"struct (Double * Int32)\"];"
                  "    n12 -> n13 [label=\"OwnedLeaseBatch<struct (Double * Int32)>\"];"
                  "}"
                  "" ]

            Expect.equal (lines (Flow.toDot (wide ()))) expected "DOT")

        testCase "Mermaid_OfBranches_HasTheSameEdges" (fun () ->
            let drawn = lines (Flow.toMermaid (wide ()))
            Expect.isTrue (List.contains "    n2{{\"split\"}}" drawn) "a fork"
            Expect.isTrue (List.contains "    n2 -->|\"Int32, match\"| n3" drawn) "a branch"
            Expect.isTrue (List.contains "    n7 -->|\"struct (Double * Int32), 2\"| n11" drawn) "a merge"
            Expect.equal drawn.Length 28 "1 line, 13 stages, 13 edges, and an end")

        testCase "Text_IsEscaped" (fun () ->
            let flow = source<int> () |> Flow.withName "a \"b\" <c> & #d |e| `f`\ng\\h\ti\r\nj"

            let mermaid =
                "    n1([\"a #quot;b#quot; #lt;c#gt; #amp; #35;d #124;e#124; #96;f#96;<br/>g\\h i<br/>j<br/>ofSeq<br/>bound 1024\"])"

            Expect.equal (List.item 1 (lines (Flow.toMermaid flow))) mermaid "Mermaid"
            let dot = "    n1 [shape=ellipse, label=\"a \\\"b\\\" <c> & #d |e| `f`\\ng\\\\h i\\nj\\nofSeq\\nbound 1024\"];"
            Expect.equal (List.item 2 (lines (Flow.toDot flow))) dot "DOT")

        testCase "Drawing_IsTheSame_EachTime" (fun () ->
            Expect.equal (Flow.toDot (wide ())) (Flow.toDot (wide ())) "DOT"
            Expect.equal (Flow.toMermaid (wide ())) (Flow.toMermaid (wide ())) "Mermaid")

        testCase "Stage_UsedTwice_IsDrawnTwice" (fun () ->
            let numbers = source<int> ()
            let drawn = lines (Flow.toMermaid (Flow.merge [ numbers; numbers ]))
            Expect.equal (drawn |> List.filter (fun line -> line.Contains "ofSeq")).Length 2 "each use is a run of its own"
            Expect.isTrue (List.contains "    n2 -->|\"Int32\"| n3" drawn) "its own edge")

        testCase "Options_AreDrawn" (fun () ->
            let drawnOf part = (lines (Flow.toDot part))[3]
            let text (stage: Flow<int>) = drawnOf stage
            Expect.isTrue ((text (source<int> () |> Flow.map id |> Flow.withCapacity 5 |> Flow.withBytes 64L)).Contains "bound 5, 64 bytes") "bounds"
            Expect.isTrue ((text (source<int> () |> Flow.map id |> Flow.retryOnError 2 TimeSpan.Zero)).Contains "on error: retry 2, then fault") "retry"
            Expect.isTrue ((text (source<int> () |> Flow.throttle 5 (TimeSpan.FromSeconds 1.0))).Contains "throttle 5 per 00:00:01") "rate"
            Expect.isTrue ((drawnOf (source<int> () |> Flow.batchWithin (TimeSpan.FromSeconds 2.0) 600)).Contains "batch 600 or 00:00:02\\nbound 1200") "batch")
    ]
