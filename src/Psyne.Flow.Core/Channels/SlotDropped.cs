namespace Psyne.Flow.Channels;

/// <summary>Told of a dropped message while it still lies in its slot.</summary>
internal unsafe delegate void SlotDropped(byte* slot, DropReason reason);
