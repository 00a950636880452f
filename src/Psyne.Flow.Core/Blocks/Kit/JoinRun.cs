using Psyne.Flow.Atomics;

namespace Psyne.Flow.Blocks;

/// <summary>Small messages that a join brought together, by value, some dozen in one slot. The slot is given back with the last.</summary>
/// <remarks>One thread fills it; its handles are for all. Where some are dropped, the slot comes back when the run is collected.</remarks>
internal sealed class JoinRun<T1, T2, T3>(JoinRuns<T1, T2, T3> home) : JoinRecord<T1, T2, T3>
    where T1 : unmanaged
    where T2 : unmanaged
    where T3 : unmanaged
{
    private Lease<JoinedValues<T1, T2, T3>> _slot;
    private long _word;
    private long _life;
    private int _used;

    /// <summary>How many more it has room for. By the one who fills it.</summary>
    internal int Room => RunWord<HardwareAtomics>.Handles - _used;

    internal void Begin(Lease<JoinedValues<T1, T2, T3>> slot)
    {
        _slot = LeaseTicket.For(slot);
        _used = 0;
        _life = RunWord<HardwareAtomics>.Begin(ref _word);
    }

    /// <summary>The places that are free, to be filled before <see cref="Take"/>.</summary>
    internal unsafe Span<JoinedValues<T1, T2, T3>> Free =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref At(_used), Room);

    private ref JoinedValues<T1, T2, T3> At(int index) =>
        ref System.Runtime.CompilerServices.Unsafe.Add(ref System.Runtime.CompilerServices.Unsafe.AsRef(in _slot.Value), index);

    /// <summary>The handle of the next place, which was filled.</summary>
    internal long Take() => _life | (uint)_used++;

    /// <summary>No more comes.</summary>
    internal void Close()
    {
        if (RunWord<HardwareAtomics>.Close(ref _word, _used))
            GiveBack();
    }

    private void GiveBack()
    {
        var slot = _slot;
        _slot = default;
        slot.Dispose();
        home.Return(this);
    }

    internal override bool IsHeld(long handle) => RunWord<HardwareAtomics>.IsLive(ref _word, handle);

    private ref JoinedValues<T1, T2, T3> Held(long handle)
    {
        if (!IsHeld(handle))
            throw Ended();
        return ref At(RunWord<HardwareAtomics>.IndexOf(handle));
    }

    internal override ref readonly T1 First(long handle) => ref Held(handle).First;

    internal override ref readonly T2 Second(long handle) => ref Held(handle).Second;

    internal override ref readonly T3 Third(long handle) => ref Held(handle).Third;

    internal override Lease<T1> RetainFirst(long handle) => home.Firsts.Copy(in First(handle));

    internal override Lease<T2> RetainSecond(long handle) => home.Seconds.Copy(in Second(handle));

    internal override Lease<T3> RetainThird(long handle) => home.Thirds.Copy(in Third(handle));

    internal override void End(long handle)
    {
        if (!RunWord<HardwareAtomics>.TryEnd(ref _word, handle, out var wasLast))
            throw Ended();
        if (wasLast)
            GiveBack();
    }
}
