/* The least a message can take between two threads: a cache line that goes there and back while both spin, and a
 * futex wake of a thread that sleeps. Sequence and payload lie in one cache line. */
#include "psyne_limits.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

typedef struct pl_line {
    _Alignas(PL_PADDING) _Atomic uint64_t sequence;
    uint64_t payload;
    _Atomic uint32_t word; /* what the futex sleeps on: 32 bits of its own */
} pl_line;

struct pl_pair {
    pl_line there, back;
    _Alignas(PL_PADDING) _Atomic uint64_t arrived; /* when the answering side of a futex message woke */
};

pl_pair *pl_pair_create(void) {
    pl_pair *pair = aligned_alloc(PL_PADDING, sizeof *pair);
    if (pair != NULL) {
        memset(pair, 0, sizeof *pair);
    }
    return pair;
}

void pl_pair_destroy(pl_pair *pair) {
    free(pair);
}

void pl_pair_reset(pl_pair *pair) {
    memset(pair, 0, sizeof *pair);
    atomic_thread_fence(memory_order_seq_cst);
}

static inline void spin_send(pl_line *line, uint64_t sequence, uint64_t payload) {
    line->payload = payload;
    atomic_store_explicit(&line->sequence, sequence, memory_order_release);
}

static inline uint64_t spin_receive(pl_line *line, uint64_t sequence) {
    unsigned spins = 0;
    while (atomic_load_explicit(&line->sequence, memory_order_acquire) != sequence) {
        pl_spin(&spins);
    }
    return line->payload;
}

uint64_t pl_spin_call(pl_pair *pair, uint64_t count, uint64_t *counts, uint64_t *longest) {
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t sent = pl_now();
        spin_send(&pair->there, i, ~i);
        uint64_t answer = spin_receive(&pair->back, i);
        uint64_t received = pl_now();
        wrong += answer != ~i;
        pl_record(counts, longest, received - sent);
    }
    return wrong;
}

void pl_spin_answer(pl_pair *pair, uint64_t count) {
    for (uint64_t i = 1; i <= count; i++) {
        spin_send(&pair->back, i, spin_receive(&pair->there, i));
    }
}

#ifdef __linux__

int pl_futex_supported(void) {
    return 1;
}

static inline void futex_send(pl_line *line, uint32_t sequence, uint64_t payload) {
    line->payload = payload;
    atomic_store_explicit(&line->word, sequence, memory_order_release);
    syscall(SYS_futex, &line->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static inline uint64_t futex_receive(pl_line *line, uint32_t sequence) {
    uint32_t seen;
    while ((seen = atomic_load_explicit(&line->word, memory_order_acquire)) != sequence) {
        syscall(SYS_futex, &line->word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
    }
    return line->payload;
}

uint64_t pl_futex_call(pl_pair *pair, uint64_t count, uint64_t pause_ns, uint64_t *counts, uint64_t *longest) {
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t begin = pl_now();
        while (pl_now() - begin < pause_ns) {
            pl_pause(); /* the other side falls asleep meanwhile */
        }
        uint64_t sent = pl_now();
        futex_send(&pair->there, (uint32_t)i, ~i);
        uint64_t answer = futex_receive(&pair->back, (uint32_t)i);
        uint64_t arrived = atomic_load_explicit(&pair->arrived, memory_order_acquire);
        wrong += answer != ~i;
        pl_record(counts, longest, arrived > sent ? arrived - sent : 0);
    }
    return wrong;
}

void pl_futex_answer(pl_pair *pair, uint64_t count) {
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t payload = futex_receive(&pair->there, (uint32_t)i);
        atomic_store_explicit(&pair->arrived, pl_now(), memory_order_release);
        futex_send(&pair->back, (uint32_t)i, payload);
    }
}

#else

int pl_futex_supported(void) {
    return 0;
}

uint64_t pl_futex_call(pl_pair *pair, uint64_t count, uint64_t pause_ns, uint64_t *counts, uint64_t *longest) {
    (void)pair, (void)pause_ns, (void)counts, (void)longest;
    return count;
}

void pl_futex_answer(pl_pair *pair, uint64_t count) {
    (void)pair, (void)count;
}

#endif
