/* The machine's limits, as plain C: what Psyne.Flow is compared with, and never linked to.
 * Compiled by Psyne.Flow.Peers at first use into a shared library, whose functions run on the same pinned threads,
 * under the same clock and in the same interleaved rounds as the .NET subjects. limits_main.c makes a program of it. */
#ifndef PSYNE_LIMITS_H
#define PSYNE_LIMITS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define PL_EXPORT __attribute__((visibility("default")))

/* Two cache lines: the prefetcher fetches lines in pairs. */
#define PL_PADDING 128

/* Histogram.cs has the same layout: 64 steps to each doubling of nanoseconds. */
#define PL_SUB_BITS 6
#define PL_BUCKETS ((64 - PL_SUB_BITS + 1) << PL_SUB_BITS)

/* What a consumer read; NativeTally.cs mirrors it. */
typedef struct pl_tally {
    uint64_t count, sum, last, errors;
} pl_tally;

typedef struct pl_ring pl_ring;
typedef struct pl_pair pl_pair;

/* ring.c: one producer, one consumer, payloads in place in the ring's slots. */
PL_EXPORT pl_ring *pl_ring_create(uint64_t capacity, uint64_t bytes, int touch);
PL_EXPORT void pl_ring_reset(pl_ring *ring);
PL_EXPORT void pl_ring_destroy(pl_ring *ring);
PL_EXPORT void pl_ring_write(pl_ring *ring, uint64_t stamp, uint64_t count, uint64_t batch);
PL_EXPORT void pl_ring_read(pl_ring *ring, uint64_t count, uint64_t batch, pl_tally *tally);

/* latency.c: timed one by one into a histogram: round trips where both spin, one way where both sleep (from before the
 * send to the other side's first step after its wake). The answering side runs on the other thread. */
PL_EXPORT pl_pair *pl_pair_create(void);
PL_EXPORT void pl_pair_destroy(pl_pair *pair);
PL_EXPORT void pl_pair_reset(pl_pair *pair);
PL_EXPORT uint64_t pl_spin_call(pl_pair *pair, uint64_t count, uint64_t *counts, uint64_t *longest);
PL_EXPORT void pl_spin_answer(pl_pair *pair, uint64_t count);
PL_EXPORT int pl_futex_supported(void);
PL_EXPORT uint64_t pl_futex_call(pl_pair *pair, uint64_t count, uint64_t pause_ns, uint64_t *counts, uint64_t *longest);
PL_EXPORT void pl_futex_answer(pl_pair *pair, uint64_t count);
PL_EXPORT uint64_t pl_ring_call(pl_ring *there, pl_ring *back, uint64_t count, uint64_t *counts, uint64_t *longest);
PL_EXPORT void pl_ring_answer(pl_ring *there, pl_ring *back, uint64_t count);

/* bandwidth.c: one core, no messaging. Returns seconds, or a negative number without memory. */
enum pl_bandwidth_kind { PL_COPY = 0, PL_WRITE = 1, PL_READ = 2 };
PL_EXPORT double pl_bandwidth(int kind, uint64_t bytes, uint64_t passes);

static inline void pl_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Spins; now and then lets another thread run, for machines with fewer cores than spinners. */
static inline void pl_spin(unsigned *spins) {
    pl_pause();
    if (++*spins % 1024 == 0) {
        sched_yield();
    }
}

static inline uint64_t pl_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void pl_record(uint64_t *counts, uint64_t *longest, uint64_t value) {
    uint64_t bucket = value;
    if (value >= (1u << PL_SUB_BITS)) {
        unsigned exponent = 63u - (unsigned)__builtin_clzll(value) - PL_SUB_BITS;
        bucket = ((uint64_t)exponent << PL_SUB_BITS) + (value >> exponent);
    }
    counts[bucket]++;
    if (value > *longest) {
        *longest = value;
    }
}

#endif
