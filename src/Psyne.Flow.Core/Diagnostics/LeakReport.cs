namespace Psyne.Flow.Diagnostics;

/// <summary>A channel that was collected as garbage with messages still held.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Leases">Leases that were dropped.</param>
/// <param name="Claims">Claims that were dropped.</param>
/// <param name="TakenAt">The stacks where the leases were taken, where the channel tracked them (<see cref="SlabChannelOptions.TrackLeases"/>).</param>
public sealed record LeakReport(string Channel, long Leases, int Claims, IReadOnlyList<string> TakenAt);
