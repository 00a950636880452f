namespace Psyne.Flow.Blocks;

/// <summary>One side of a join, whatever its messages are.</summary>
internal interface IJoinSide
{
    bool IsClosed { get; }

    bool IsBusy { get; }

    /// <summary>Whether a message waits here, or is offered.</summary>
    bool MayBeReady { get; }

    /// <summary>Messages that wait here.</summary>
    int InputCount { get; }

    long Received { get; }

    long Waits { get; }

    /// <summary>How many small messages wait side by side, up to so many; they stay until they are removed.</summary>
    int CheckOut(int most);

    void Remove(int count);

    /// <summary>So many messages left the join for good.</summary>
    void OnLeft(int count);

    void Fill();

    bool TryReady();

    void Unready();

    void EndIntake();

    void Close();
}
