namespace Psyne.Flow.Tests.Dataflow.Stock;

/// <summary>What a user's delegate does with a message: it owns what comes in, and makes what goes out.</summary>
public sealed class UserCode<T>(Messages<T> messages)
{
    public Action<int>? Inside { get; set; }

    public int Take(T message)
    {
        int value = messages.Take(message);
        Inside?.Invoke(value);
        return value;
    }

    public T Pass(T message) => messages.Make(Take(message));
}
