using System.Runtime.InteropServices;

namespace Psyne.Flow.ModelChecking;

/// <summary>
/// Hands out zeroed memory that doesn't move: 64-byte-aligned blocks, at the same addresses in every execution as
/// long as the scenario asks for the same ones. Names are for traces.
/// </summary>
internal sealed unsafe class ModelMemory : IDisposable
{
    private const int Alignment = 64;

    private readonly byte* _start;
    private readonly int _capacity;
    private readonly List<Block> _blocks = [];
    private readonly Dictionary<nint, string> _names = [];
    private int _used;

    public ModelMemory(int capacity)
    {
        _capacity = capacity;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, 4096);
        NativeMemory.Clear(_start, (nuint)capacity);
    }

    public nint Start => (nint)_start;

    public int Capacity => _capacity;

    public ref long Long(string name) => ref *Longs(1, name);

    public ref int Int(string name) => ref *Ints(1, name);

    public long* Longs(int count, string name) => (long*)Allocate(count, sizeof(long), name);

    public int* Ints(int count, string name) => (int*)Allocate(count, sizeof(int), name);

    public byte* Bytes(int count, string name) => (byte*)Allocate(count, sizeof(byte), name);

    /// <summary>An array of <typeparamref name="T"/>, such as a layout struct.</summary>
    public T* Array<T>(int count, string name) where T : unmanaged => (T*)Allocate(count, sizeof(T), name);

    /// <summary>Names one location inside a block, or anywhere else.</summary>
    public void Name<T>(ref readonly T location, string name) where T : unmanaged =>
        _names[Address.Of(in location)] = name;

    public void Dispose() => NativeMemory.AlignedFree(_start);

    internal void Reset()
    {
        NativeMemory.Clear(_start, (nuint)_used);
        _used = 0;
        _blocks.Clear();
        _names.Clear();
    }

    internal string NameOf(nint address)
    {
        if (_names.TryGetValue(address, out var name))
        {
            return name;
        }

        foreach (var block in _blocks)
        {
            var offset = (int)(address - block.Start);
            if (offset >= 0 && offset < block.Count * block.Size)
            {
                var index = block.Count == 1 ? block.Name : $"{block.Name}[{offset / block.Size}]";
                return offset % block.Size == 0 ? index : $"{index}+{offset % block.Size}";
            }
        }

        return $"0x{address:x}";
    }

    private void* Allocate(int count, int size, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var bytes = checked((count * size) + Alignment - 1) & -Alignment;
        if (bytes > _capacity - _used)
        {
            throw new InvalidOperationException(
                $"\"{name}\" needs {bytes} bytes, {_capacity - _used} of {_capacity} are left: see ModelOptions.MemoryBytes.");
        }

        var start = _start + _used;
        _used += bytes;
        _blocks.Add(new Block((nint)start, count, size, name));
        return start;
    }

    private readonly record struct Block(nint Start, int Count, int Size, string Name);
}
