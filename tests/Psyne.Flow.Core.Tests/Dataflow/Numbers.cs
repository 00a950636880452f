namespace Psyne.Flow.Tests.Dataflow;

/// <summary>Plain numbers, for blocks that copy and drop as they like.</summary>
public sealed class Numbers : Messages<int>
{
    public override int Live => 0;

    public override int Weight => 0;

    public override int Make(int value) => value;

    public override int Read(int message) => message;

    public override void Free(int message) { }
}
