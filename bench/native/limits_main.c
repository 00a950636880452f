/* The limits as a program of its own, for a machine without .NET. It prints JSON lines.
 *   cc -std=c11 -O3 -march=native -pthread *.c -o psyne_limits
 *   ./psyne_limits ring --bytes 8 --count 50000000 --batch 1 --cores 0,1
 *   ./psyne_limits spin|futex|ring-latency --count 1000000
 *   ./psyne_limits copy|write|read --bytes 65536 --count 100000 */
#include "psyne_limits.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const char *what;
    uint64_t bytes, count, batch, capacity;
    int cores[2], touch;
    pl_ring *there, *back;
    pl_pair *pair;
    pl_tally tally;
    uint64_t counts[PL_BUCKETS], longest, wrong, begin, end;
} run = {.bytes = 8, .count = 1000000, .batch = 1, .capacity = 4096, .cores = {0, 1}};

static int is(const char *what) {
    return strcmp(run.what, what) == 0;
}

static void pin(int core) {
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    sched_setaffinity(0, sizeof set, &set);
#else
    (void)core;
#endif
}

static void *second(void *unused) {
    (void)unused;
    pin(run.cores[1]);
    if (is("ring")) {
        pl_ring_read(run.there, run.count, run.batch, &run.tally);
    } else if (is("spin")) {
        pl_spin_answer(run.pair, run.count);
    } else if (is("futex")) {
        pl_futex_answer(run.pair, run.count);
    } else {
        pl_ring_answer(run.there, run.back, run.count);
    }
    return NULL;
}

static void first(void) {
    pin(run.cores[0]);
    run.begin = pl_now();
    if (is("ring")) {
        pl_ring_write(run.there, 1, run.count, run.batch);
    } else if (is("spin")) {
        run.wrong = pl_spin_call(run.pair, run.count, run.counts, &run.longest);
    } else if (is("futex")) {
        run.wrong = pl_futex_call(run.pair, run.count, 250000, run.counts, &run.longest);
    } else {
        run.wrong = pl_ring_call(run.there, run.back, run.count, run.counts, &run.longest);
    }
}

static void print(const char *metric, double value, const char *unit, int verified) {
    printf("{\"suite\":\"native\",\"case\":\"%s/%" PRIu64 "B\",\"subject\":\"limit\",\"metric\":\"%s\",\"value\":%.6g,"
           "\"unit\":\"%s\",\"drops\":0,\"verified\":%s}\n",
           run.what, run.bytes, metric, value, unit, verified ? "true" : "false");
}

static double percentile(double share) {
    uint64_t seen = 0, rank = (uint64_t)(share * (double)run.count);
    for (uint64_t bucket = 0; bucket < PL_BUCKETS; bucket++) {
        seen += run.counts[bucket];
        if (seen > rank) {
            uint64_t exponent = bucket >> PL_SUB_BITS;
            return exponent < 2 ? (double)bucket
                                : (double)(((bucket & 63) + 64) << (exponent - 1));
        }
    }
    return (double)run.longest;
}

static int parse(int argc, char **argv) {
    if (argc < 2 || argc % 2 != 0) {
        return 0;
    }
    run.what = argv[1];
    for (int i = 2; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--bytes") == 0) {
            run.bytes = strtoull(value, NULL, 10);
        } else if (strcmp(name, "--count") == 0) {
            run.count = strtoull(value, NULL, 10);
        } else if (strcmp(name, "--batch") == 0) {
            run.batch = strtoull(value, NULL, 10);
        } else if (strcmp(name, "--capacity") == 0) {
            run.capacity = strtoull(value, NULL, 10);
        } else if (strcmp(name, "--touch") == 0) {
            run.touch = atoi(value);
        } else if (strcmp(name, "--cores") != 0 || sscanf(value, "%d,%d", &run.cores[0], &run.cores[1]) != 2) {
            return 0;
        }
    }
    return run.count > 0 && run.batch > 0
        && (is("ring") || is("spin") || is("futex") || is("ring-latency") || is("copy") || is("write") || is("read"));
}

int main(int argc, char **argv) {
    if (!parse(argc, argv)) {
        fprintf(stderr, "usage: %s ring|spin|futex|ring-latency|copy|write|read [--bytes N] [--count N] [--batch N]"
                        " [--capacity N] [--touch 0|1] [--cores A,B]\n", argv[0]);
        return 2;
    }
    if (is("copy") || is("write") || is("read")) {
        pin(run.cores[0]);
        double seconds = pl_bandwidth(is("copy") ? PL_COPY : is("write") ? PL_WRITE : PL_READ, run.bytes, run.count);
        print("bandwidth", (double)run.bytes * (double)run.count / seconds / 1e9, "GB/s", seconds > 0);
        return seconds > 0 ? 0 : 1;
    }
    run.there = pl_ring_create(run.capacity, run.bytes, run.touch);
    run.back = pl_ring_create(run.capacity, run.bytes, run.touch);
    run.pair = pl_pair_create();
    pthread_t thread;
    if (run.there == NULL || run.back == NULL || run.pair == NULL || pthread_create(&thread, NULL, second, NULL) != 0) {
        fprintf(stderr, "no memory, no thread, or a capacity that isn't a power of two\n");
        return 1;
    }
    first();
    pthread_join(thread, NULL);
    run.end = pl_now();
    int verified;
    if (is("ring")) {
        verified = run.tally.count == run.count && run.tally.errors == 0;
        print("rate", (double)run.count / ((double)(run.end - run.begin) / 1e9), "msg/s", verified);
    } else {
        verified = run.wrong == 0;
        double ways = is("futex") ? 1 : 2; /* the others time round trips */
        print("p50", percentile(0.50) / ways, "ns", verified);
        print("p99", percentile(0.99) / ways, "ns", verified);
        print("p99.9", percentile(0.999) / ways, "ns", verified);
        print("max", (double)run.longest / ways, "ns", verified);
    }
    return verified ? 0 : 1;
}
