/* A plain ring for one producer and one consumer: sequences on lines of their own, the other side's sequence cached,
 * payloads written and read in place. With batch 1 it publishes, polls and releases every message. */
#include "psyne_limits.h"

#include <stdlib.h>
#include <string.h>

typedef uint64_t pl_words __attribute__((vector_size(64), aligned(8), may_alias));

struct pl_ring {
    _Alignas(PL_PADDING) _Atomic uint64_t published;
    _Alignas(PL_PADDING) _Atomic uint64_t released;
    /* the producer's own line */
    _Alignas(PL_PADDING) uint64_t write_next;
    uint64_t write_gate;
    /* the consumer's own line */
    _Alignas(PL_PADDING) uint64_t read_next;
    uint64_t read_gate;
    /* read only */
    _Alignas(PL_PADDING) uint64_t capacity;
    uint64_t bytes, stride;
    int touch;
    unsigned char *slots;
};

pl_ring *pl_ring_create(uint64_t capacity, uint64_t bytes, int touch) {
    if (capacity == 0 || (capacity & (capacity - 1)) != 0 || bytes < 8 || bytes % 8 != 0) {
        return NULL;
    }
    pl_ring *ring = aligned_alloc(PL_PADDING, sizeof *ring);
    if (ring == NULL) {
        return NULL;
    }
    memset(ring, 0, sizeof *ring);
    ring->capacity = capacity;
    ring->bytes = bytes;
    /* Slots a multiple of 4 KiB apart would alias in the first-level cache. */
    ring->stride = bytes >= 4096 ? bytes + PL_PADDING : bytes;
    ring->touch = touch;
    size_t total = (size_t)((capacity * ring->stride + 4095) / 4096 * 4096);
    ring->slots = aligned_alloc(4096, total);
    if (ring->slots == NULL) {
        free(ring);
        return NULL;
    }
    memset(ring->slots, 0, total); /* page faults belong to nobody's round */
    return ring;
}

void pl_ring_reset(pl_ring *ring) {
    atomic_store(&ring->published, 0);
    atomic_store(&ring->released, 0);
    ring->write_next = ring->write_gate = ring->read_next = ring->read_gate = 0;
}

void pl_ring_destroy(pl_ring *ring) {
    if (ring != NULL) {
        free(ring->slots);
        free(ring);
    }
}

static inline unsigned char *slot_of(const pl_ring *ring, uint64_t sequence, uint64_t stride) {
    return ring->slots + (sequence & (ring->capacity - 1)) * stride;
}

/* The work on a payload, the same as Message8, Message64 and Payload do in C#. */
static inline void write_slot(unsigned char *slot, uint64_t bytes, int touch, uint64_t stamp) {
    uint64_t *words = (uint64_t *)(void *)slot;
    const pl_words indices = {0, 1, 2, 3, 4, 5, 6, 7};
    if (bytes == 8) {
        words[0] = stamp;
    } else if (bytes == 64) {
        *(pl_words *)(void *)slot = indices + stamp;
    } else if (!touch) {
        words[0] = stamp;
        words[bytes / 8 - 1] = stamp;
    } else {
        pl_words value = indices + stamp;
        for (uint64_t i = 0; i < bytes / 8; i += 8) {
            *(pl_words *)(void *)(words + i) = value;
            value += 8;
        }
    }
}

static inline uint64_t read_slot(const unsigned char *slot, uint64_t bytes, int touch) {
    const uint64_t *words = (const uint64_t *)(const void *)slot;
    uint64_t stamp = words[0];
    if (bytes == 8) {
        return stamp;
    }
    if (bytes == 64) {
        uint64_t wrong = 0;
        for (uint64_t i = 1; i < 8; i++) {
            wrong |= words[i] ^ (stamp + i);
        }
        return wrong == 0 ? stamp : 0;
    }
    if (!touch) {
        return words[bytes / 8 - 1] == stamp ? stamp : 0;
    }
    pl_words a = {0}, b = {0}, c = {0}, d = {0};
    uint64_t count = bytes / 8;
    for (uint64_t i = 0; i < count; i += 32) {
        a += *(const pl_words *)(const void *)(words + i);
        b += *(const pl_words *)(const void *)(words + i + 8);
        c += *(const pl_words *)(const void *)(words + i + 16);
        d += *(const pl_words *)(const void *)(words + i + 24);
    }
    a += b + c + d;
    uint64_t sum = 0;
    for (int i = 0; i < 8; i++) {
        sum += a[i];
    }
    return sum == count * stamp + count * (count - 1) / 2 ? stamp : 0;
}

static inline void write_loop(pl_ring *ring, uint64_t stamp, uint64_t count, uint64_t batch,
                              uint64_t bytes, uint64_t stride, int touch) {
    uint64_t next = ring->write_next, gate = ring->write_gate, capacity = ring->capacity, unpublished = 0;
    unsigned spins = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (next - gate == capacity) {
            atomic_store_explicit(&ring->published, next, memory_order_release);
            unpublished = 0;
            while (next - (gate = atomic_load_explicit(&ring->released, memory_order_acquire)) == capacity) {
                pl_spin(&spins);
            }
        }
        write_slot(slot_of(ring, next, stride), bytes, touch, stamp + i);
        next++;
        if (++unpublished == batch) {
            atomic_store_explicit(&ring->published, next, memory_order_release);
            unpublished = 0;
        }
    }
    atomic_store_explicit(&ring->published, next, memory_order_release);
    ring->write_next = next;
    ring->write_gate = gate;
}

static inline void read_loop(pl_ring *ring, uint64_t count, uint64_t batch, pl_tally *tally,
                             uint64_t bytes, uint64_t stride, int touch) {
    pl_tally local = *tally;
    uint64_t next = ring->read_next, gate = ring->read_gate, unreleased = 0;
    unsigned spins = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (next == gate) {
            atomic_store_explicit(&ring->released, next, memory_order_release);
            unreleased = 0;
            while ((gate = atomic_load_explicit(&ring->published, memory_order_acquire)) == next) {
                pl_spin(&spins);
            }
        }
        uint64_t stamp = read_slot(slot_of(ring, next, stride), bytes, touch);
        local.count++;
        local.sum += stamp;
        local.errors += stamp <= local.last;
        local.last = stamp;
        next++;
        if (++unreleased == batch) {
            atomic_store_explicit(&ring->released, next, memory_order_release);
            unreleased = 0;
        }
    }
    atomic_store_explicit(&ring->released, next, memory_order_release);
    ring->read_next = next;
    ring->read_gate = gate;
    *tally = local;
}

/* The sizes that matter as constants, so that the compiler makes a loop for each. */
void pl_ring_write(pl_ring *ring, uint64_t stamp, uint64_t count, uint64_t batch) {
    if (ring->bytes == 8) {
        write_loop(ring, stamp, count, batch, 8, 8, 0);
    } else if (ring->bytes == 64) {
        write_loop(ring, stamp, count, batch, 64, 64, 0);
    } else {
        write_loop(ring, stamp, count, batch, ring->bytes, ring->stride, ring->touch);
    }
}

void pl_ring_read(pl_ring *ring, uint64_t count, uint64_t batch, pl_tally *tally) {
    if (ring->bytes == 8) {
        read_loop(ring, count, batch, tally, 8, 8, 0);
    } else if (ring->bytes == 64) {
        read_loop(ring, count, batch, tally, 64, 64, 0);
    } else {
        read_loop(ring, count, batch, tally, ring->bytes, ring->stride, ring->touch);
    }
}

static inline void ring_send(pl_ring *ring, uint64_t value) {
    pl_ring_write(ring, value, 1, 1);
}

static inline uint64_t ring_receive(pl_ring *ring) {
    pl_tally tally = {0};
    pl_ring_read(ring, 1, 1, &tally);
    return tally.last;
}

uint64_t pl_ring_call(pl_ring *there, pl_ring *back, uint64_t count, uint64_t *counts, uint64_t *longest) {
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t sent = pl_now();
        ring_send(there, i);
        uint64_t answer = ring_receive(back);
        uint64_t received = pl_now();
        wrong += answer != i;
        pl_record(counts, longest, received - sent);
    }
    return wrong;
}

void pl_ring_answer(pl_ring *there, pl_ring *back, uint64_t count) {
    for (uint64_t i = 1; i <= count; i++) {
        ring_send(back, ring_receive(there));
    }
}
