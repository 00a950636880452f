namespace Psyne.Flow.ModelChecking.Tests;

/// <summary>
/// A single-producer single-consumer ring as the library has them, small enough to wrap at once; with bugs that can be
/// put into it. It shows that the checker finds them in code of this shape, and how fast it explores such code.
/// </summary>
internal sealed unsafe class SmallRing
{
    private readonly int _capacity;
    private readonly long* _published;
    private readonly long* _taken;
    private readonly long* _slots;

    public SmallRing(ModelMemory memory, int capacity)
    {
        _capacity = capacity;
        _published = memory.Longs(1, "published");
        _taken = memory.Longs(1, "taken");
        _slots = memory.Longs(capacity, "slot");
    }

    /// <summary>Seeded bug: the producer believes that a slot is free one message too early.</summary>
    public bool ClaimsTooEarly { get; init; }

    /// <summary>Seeded bug: the published sequence is stored without release.</summary>
    public bool PublishesPlain { get; init; }

    /// <summary>Seeded bug: a slot is given back before it has been read.</summary>
    public bool ReleasesBeforeReading { get; init; }

    public List<long> Received { get; } = [];

    public void Produce(int count)
    {
        for (long sequence = 0; sequence < count; sequence++)
        {
            var gate = sequence - _capacity + (ClaimsTooEarly ? 0 : 1);
            while (ModelAtomics.LoadAcquire(ref *_taken) < gate)
            {
                ModelAtomics.Pause();
            }

            ModelAtomics.StorePlain(ref _slots[sequence % _capacity], sequence + 100);
            if (PublishesPlain)
            {
                ModelAtomics.StorePlain(ref *_published, sequence + 1);
            }
            else
            {
                ModelAtomics.StoreRelease(ref *_published, sequence + 1);
            }
        }
    }

    public void Consume(int count)
    {
        for (long sequence = 0; sequence < count; sequence++)
        {
            while (ModelAtomics.LoadAcquire(ref *_published) <= sequence)
            {
                ModelAtomics.Pause();
            }

            if (ReleasesBeforeReading)
            {
                ModelAtomics.StoreRelease(ref *_taken, sequence + 1);
            }

            Received.Add(ModelAtomics.LoadPlain(ref _slots[sequence % _capacity]));
            ModelAtomics.StoreRelease(ref *_taken, sequence + 1);
        }
    }
}
