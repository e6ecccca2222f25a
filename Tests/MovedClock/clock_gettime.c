// Preloaded into a process, this lets a test pass time there without waiting, as it passes for a sandbox that Lambda has
// frozen: CLOCK_BOOTTIME, by which Swift's ContinuousClock goes, is ahead by as many seconds as the first eight bytes of
// the file that MOVED_CLOCK names say, now and whenever they change.
//
// The other clocks go on as they do. By CLOCK_REALTIME requests are signed, and the deadline of an invocation is measured;
// by CLOCK_MONOTONIC libcurl measures its own time-outs.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t *seconds_ahead;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("MOVED_CLOCK");
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof *seconds_ahead, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) seconds_ahead = mapped;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = (int)syscall(SYS_clock_gettime, clock, time);
    if (status == 0 && clock == CLOCK_BOOTTIME && seconds_ahead != NULL) time->tv_sec += atomic_load(seconds_ahead);
    return status;
}
