namespace Psyne.Flow.FSharp

open System.Text
open Psyne.Flow

/// Pipelines as pictures. Stages are numbered n1, n2 and so on from the sources to the ends.
module internal Drawing =

    type private Node =
        { Id: string
          Stage: Stage
          Lines: string list }

    type private Edge = { From: string; To: string; Text: string }

    let private lines (stage: Stage) =
        let info = stage.Info
        let options = stage.Options
        let kind = if info.Detail = "" then info.Kind else $"{info.Kind} {info.Detail}"

        [ if options.Name <> "" then
              options.Name

          kind

          if info.Allows.HasFlag Allows.Capacity then
              let bytes = if options.Bytes > 0L then $", {options.Bytes} bytes" else ""
              $"bound {stage.Bound}{bytes}"

          if options.Parallelism > 1 then
              let order = if options.Ordered then "" else ", unordered"
              $"{options.Parallelism} at a time{order}"

          let retries = if options.Retries > 0 then $"retry {options.Retries}, then " else ""

          match options.OnError with
          | OnError.Fault when options.Retries = 0 -> ()
          | OnError.Fault -> $"on error: {retries}fault"
          | OnError.Skip -> $"on error: {retries}skip"
          | OnError.DeadLetter -> $"on error: {retries}dead letter" ]

    /// A branch is drawn as an edge, unless it was given a name or a queue of its own.
    let private isEdge (stage: Stage) =
        stage.Info.Branch.IsSome && stage.Options.Name = "" && not stage.Options.HasQueue

    let private layout (roots: Stage list) =
        let nodes = ResizeArray<Node>()
        let edges = ResizeArray<Edge>()
        let shared = System.Collections.Generic.Dictionary<Stage, string>(HashIdentity.Reference)

        /// Where messages of the stage come from, and what stands on the edge.
        let rec visit (stage: Stage) : string * string =
            let element = Checks.typeName stage.Info.Element

            match stage.Info.Branch with
            | ValueSome branch ->
                let parent = stage.Info.Inputs.Head

                let from =
                    match shared.TryGetValue parent with
                    | true, id -> id
                    | _ ->
                        let id = fst (visit parent)
                        shared.Add(parent, id)
                        id

                let text = $"{element}, {branch.Label}"

                if isEdge stage then
                    from, text
                else
                    let id = add stage
                    edges.Add { From = from; To = id; Text = text }
                    id, element
            | ValueNone ->
                let inputs = stage.Info.Inputs |> List.map visit
                let id = add stage

                for from, text in inputs do
                    edges.Add { From = from; To = id; Text = text }

                id, element

        and add (stage: Stage) =
            let id = $"n{nodes.Count + 1}"
            nodes.Add { Id = id; Stage = stage; Lines = lines stage }
            id

        for root in roots do
            visit root |> ignore

        List.ofSeq nodes, List.ofSeq edges

    let private mermaidText (text: string) =
        let escaped = StringBuilder()

        for character in text.Replace("\r\n", "\n") do
            match character with
            | '"' -> escaped.Append "#quot;"
            | '<' -> escaped.Append "#lt;"
            | '>' -> escaped.Append "#gt;"
            | '&' -> escaped.Append "#amp;"
            | '#' -> escaped.Append "#35;"
            | '`' -> escaped.Append "#96;"
            | '|' -> escaped.Append "#124;"
            | '\n' -> escaped.Append "<br/>"
            | other when System.Char.IsControl other -> escaped.Append ' '
            | other -> escaped.Append other
            |> ignore

        escaped.ToString()

    let toMermaid (roots: Stage list) =
        let nodes, edges = layout roots
        let text = StringBuilder "flowchart LR\n"

        for node in nodes do
            let label = node.Lines |> List.map mermaidText |> String.concat "<br/>"

            let before, after =
                match node.Stage.Info.Shape with
                | StageShape.Ends -> "([", "])"
                | StageShape.Works -> "[", "]"
                | StageShape.Forks -> "{{", "}}"

            text.Append($"    {node.Id}{before}\"{label}\"{after}\n") |> ignore

        for edge in edges do
            text.Append($"    {edge.From} -->|\"{mermaidText edge.Text}\"| {edge.To}\n") |> ignore

        text.ToString()

    let private dotText (text: string) =
        let escaped = StringBuilder()

        for character in text.Replace("\r\n", "\n") do
            match character with
            | '"' -> escaped.Append "\\\""
            | '\\' -> escaped.Append "\\\\"
            | '\n' -> escaped.Append "\\n"
            | other when System.Char.IsControl other -> escaped.Append ' '
            | other -> escaped.Append other
            |> ignore

        escaped.ToString()

    let toDot (roots: Stage list) =
        let nodes, edges = layout roots
        let text = StringBuilder "digraph flow {\n    rankdir=LR;\n"

        for node in nodes do
            let label = node.Lines |> List.map dotText |> String.concat "\\n"

            let shape =
                match node.Stage.Info.Shape with
                | StageShape.Ends -> "ellipse"
                | StageShape.Works -> "box"
                | StageShape.Forks -> "hexagon"

            text.Append($"    {node.Id} [shape={shape}, label=\"{label}\"];\n") |> ignore

        for edge in edges do
            text.Append($"    {edge.From} -> {edge.To} [label=\"{dotText edge.Text}\"];\n") |> ignore

        text.Append("}\n").ToString()
