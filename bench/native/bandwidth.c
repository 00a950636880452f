/* What one core moves when it does nothing else. A ceiling to see the touched-bytes figures under, not one of them. */
#include "psyne_limits.h"

#include <stdlib.h>
#include <string.h>

typedef uint64_t pl_words __attribute__((vector_size(64), aligned(8), may_alias));

static uint64_t read_all(const unsigned char *from, uint64_t bytes) {
    pl_words a = {0}, b = {0}, c = {0}, d = {0};
    for (uint64_t i = 0; i < bytes; i += 256) {
        a += *(const pl_words *)(const void *)(from + i);
        b += *(const pl_words *)(const void *)(from + i + 64);
        c += *(const pl_words *)(const void *)(from + i + 128);
        d += *(const pl_words *)(const void *)(from + i + 192);
    }
    a += b + c + d;
    return a[0] + a[1] + a[2] + a[3] + a[4] + a[5] + a[6] + a[7];
}

double pl_bandwidth(int kind, uint64_t bytes, uint64_t passes) {
    bytes = bytes / 4096 * 4096;
    unsigned char *from = aligned_alloc(4096, bytes), *to = aligned_alloc(4096, bytes);
    if (bytes == 0 || from == NULL || to == NULL) {
        free(from);
        free(to);
        return -1;
    }
    memset(from, 1, bytes);
    memset(to, 2, bytes);
    uint64_t sum = 0, begin = pl_now();
    for (uint64_t pass = 0; pass < passes; pass++) {
        if (kind == PL_COPY) {
            memcpy(to, from, bytes);
        } else if (kind == PL_WRITE) {
            memset(to, (int)pass, bytes);
        } else {
            sum += read_all(from, bytes);
        }
        /* The compiler must believe that someone looks at all of it. */
        __asm__ volatile("" : "+r"(sum) : "r"(to), "r"(from) : "memory");
    }
    double seconds = (double)(pl_now() - begin) / 1e9;
    free(from);
    free(to);
    return seconds;
}
