namespace Psyne.Flow.Tests.Dataflow;

/// <summary>A message that somebody owns, as a lease is; the ticket tells it from others of the same value.</summary>
public readonly record struct Parcel(int Value, int Ticket);
