namespace Psyne.Flow.Blocks;

/// <summary>One side of a join, whatever its messages are.</summary>
internal interface IJoinSide
{
    bool IsClosed { get; }

    bool IsBusy { get; }

    /// <summary>Whether a message waits here, or is offered.</summary>
    bool MayBeReady { get; }

    int Waiting { get; }

    void Fill();

    bool TryReady();

    void Unready();

    void EndIntake();

    void Close();
}
