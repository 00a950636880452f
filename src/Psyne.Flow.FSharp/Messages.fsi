namespace Psyne.Flow.FSharp

/// <summary>Builds a message in its slot, on the slab. What the slot holds at first is whatever it held before.</summary>
/// <remarks>A delegate, since a function value can't have a byref argument: <c>MessageBuilder(fun slot -&gt; slot.Id &lt;- 7)</c>.</remarks>
type MessageBuilder<'T> = delegate of slot: byref<'T> -> unit

/// <summary>Reads a message where it lies, and makes something of it. The reference is valid until it returns.</summary>
type MessageReader<'T, 'Result> = delegate of message: inref<'T> -> 'Result

/// <summary>Adds a message, read where it lies, to a state. The reference is valid until it returns.</summary>
type MessageFolder<'State, 'T> = delegate of state: 'State * message: inref<'T> -> 'State

/// <summary>Makes a message of two, each read where it lies. The references are valid until it returns.</summary>
type MessageZip<'First, 'Second, 'T> = delegate of first: inref<'First> * second: inref<'Second> * output: byref<'T> -> unit

/// <summary>Makes a message of a batch. The batch is given back when it returns; what it keeps it retains.</summary>
type BatchMapping<'T, 'U when 'T: unmanaged and 'T: struct and 'T: (new: unit -> 'T) and 'T :> System.ValueType> =
    delegate of batch: Psyne.Flow.OwnedLeaseBatch<'T> * output: byref<'U> -> unit

/// <summary>Why nothing was written.</summary>
[<Struct; RequireQualifiedAccess>]
type NotWritten =
    /// There was no room, or none until the timeout.
    | Full
    /// The channel was completed or disposed: no write will ever succeed.
    | Closed

/// <summary>Why nothing was read.</summary>
[<Struct; RequireQualifiedAccess>]
type NotRead =
    /// There was no message until the timeout.
    | Empty
    /// The channel was completed and every message was taken: no read will ever succeed.
    | Closed
