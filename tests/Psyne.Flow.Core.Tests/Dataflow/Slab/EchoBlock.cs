using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Tests.Dataflow.Slab;

/// <summary>A block of one's own that sends what it gets: moved, or built anew.</summary>
public sealed class EchoBlock<T>(Action<int>? inside, bool moves, ExecutionDataflowBlockOptions options) : SlabCustomBlock<T, T>(options)
    where T : unmanaged, INumbered<T>
{
    protected override void Process(ref BlockInput<T> input, ref BlockOutput<T> output)
    {
        while (input.Count > 0 && output.Room > 0)
        {
            inside?.Invoke(input[0].Number);
            if (moves)
            {
                output.Move(ref input);
                continue;
            }
            output.Add(in input[0]);
            input.Take(1);
        }
    }
}
