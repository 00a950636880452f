namespace Psyne.Flow.FSharp

open System

/// Arguments that are refused where a pipeline is described, not where it runs.
module internal Checks =

    let notNull (name: string) (value: 'a) =
        if isNull (box value) then
            raise (ArgumentNullException name)

    let atLeast (name: string) (least: int64) (value: int64) what =
        if value < least then
            raise (ArgumentOutOfRangeException(name, value, $"{what} of {value} was asked for; the least is {least}."))

    let within (name: string) (least: int) (most: int) (value: int) what =
        if value < least || value > most then
            raise (ArgumentOutOfRangeException(name, value, $"{what} of {value} was asked for; there are {least} to {most}."))

    let isDelay (name: string) (value: TimeSpan) =
        if value <= TimeSpan.Zero || value > TimeSpan.FromDays 24.0 then
            raise (ArgumentOutOfRangeException(name, value, $"A time of {value} is not above 0 and at most 24 days."))

    /// How a type is written in drawings and errors: int, Reading, struct (int * Reading).
    let rec typeName (shown: Type) =
        if shown.IsGenericType then
            let arguments = shown.GetGenericArguments() |> Array.map typeName

            if shown.Name.StartsWith "ValueTuple`" then
                "struct (" + String.Join(" * ", arguments) + ")"
            else
                shown.Name[.. shown.Name.IndexOf '`' - 1] + "<" + String.Join(", ", arguments) + ">"
        else
            shown.Name
