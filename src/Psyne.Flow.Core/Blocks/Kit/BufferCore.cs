using System.Threading.Tasks.Dataflow;

namespace Psyne.Flow.Blocks;

/// <summary>A target half whose queue is the source half's.</summary>
internal sealed class BufferCore<TMessage> : SlabTargetCore<TMessage>
{
    private readonly BlockWork _intake;
    private bool _ended;

    internal BufferCore(IPropagatorBlock<TMessage, TMessage> owner, MessageQueue<TMessage> queue, BlockSettings settings, BlockCompletion completion, long messageBytes)
        : base(owner, queue, settings, completion, new Lock(), messageBytes)
    {
        Source = new SlabSourceCore<TMessage>(owner, queue, settings, completion, Incoming, OnLeft, Fail);
        _intake = new BlockWork(settings, Take, Fail);
    }

    internal SlabSourceCore<TMessage> Source { get; }

    internal override int InputCount => 0; // they wait to be taken

    protected override void OnIntake()
    {
        Source.Offer();
        bool waits;
        lock (Incoming)
            waits = Declines || HasAnyRoomToTell;
        if (waits)
            _intake.Request();
    }

    protected override void OnPostponed() { }

    protected override void OnRoom() => _intake.Request();

    protected override void OnClosed() => _intake.Request();

    private void Take()
    {
        if (ConsumePostponed())
            Source.Offer();
        lock (Incoming)
        {
            if (_ended || !Declines || IsTransferring)
                return;
            _ended = true;
        }
        ReleasePostponed();
        Source.Complete();
    }
}
