namespace Psyne.Flow.Samples.DigitsStream

open System.Text.RegularExpressions
open Psyne.Flow.FSharp
open Psyne.Flow.Samples.Digits

/// The stages and links of a flow, as it draws itself: what the report shows is what runs.
module FlowStages =

    let private node = Regex "^ +(n[0-9]+) \\[shape=[a-z]+, label=\"(.*)\"\\];$"
    let private edge = Regex "^ +(n[0-9]+) -> (n[0-9]+) \\[label=\"(.*)\"\\];$"

    let private matches (pattern: Regex) (line: string) =
        match pattern.Match line with
        | found when found.Success -> Some [ for group in Seq.skip 1 found.Groups -> group.Value ]
        | _ -> None

    /// Adds them to a graph. A stage is told by its name how to read its counts.
    let addTo (graph: StageGraph) (counts: string -> StageCounts) (part: FlowPart) =
        let lines = (Flow.toDot part).Split '\n'

        let stage (label: string) =
            match label.Split "\\n" |> List.ofArray with
            | name :: kind :: details -> Stage(name, $"Flow.{kind}", String.concat ", " details, fun () -> counts name)
            | [ kind ] -> Stage(kind, $"Flow.{kind}", "", fun () -> counts kind)
            | [] -> invalidOp $"A stage without a label in:\n{lines}"

        let stages =
            Map
                [ for line in lines do
                      match matches node line with
                      | Some [ id; label ] -> id, graph.Add(stage label)
                      | _ -> () ]

        for line in lines do
            match matches edge line with
            | Some [ source; target; message ] -> graph.Note(StageLink(stages[source], stages[target], message))
            | _ -> ()

        Map [ for entry in stages -> entry.Value.Name, entry.Value ]
