// Preloaded in front of libnss_wrapper, this getaddrinfo adds four things to its.
//
// One look-up at a time: nss_wrapper 1.1 reads a changed hosts file anew without a lock, so that of two
// look-ups at once one may search a table that the other has just freed.
//
// Look-ups that hang: while the file that LOCAL_AWS_HANGING_NAMES names exists, none returns. That is
// a name server that never answers, as seen from a process.
//
// Look-ups that fail: while the file that LOCAL_AWS_FAILING_NAMES names exists, each ends with EAI_AGAIN, as
// after a SERVFAIL.
//
// A record of what a process was told: each look-up adds a line to the file that LOCAL_AWS_LOOKUPS names,
// before it returns: seconds since the epoch, the status (0: an answer), the name, and the addresses.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static void record(const char *name, int status, const struct addrinfo *answer) {
    const char *path = getenv("LOCAL_AWS_LOOKUPS");
    if (path == NULL || name == NULL) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char line[4096];
    const size_t room = sizeof line - INET6_ADDRSTRLEN - 2;
    int length = snprintf(line, room, "%lld.%09ld %d %s", (long long)now.tv_sec, now.tv_nsec, status, name);
    if (length < 0 || (size_t)length >= room) return;
    for (; status == 0 && answer != NULL && (size_t)length < room; answer = answer->ai_next) {
        const void *address = answer->ai_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)answer->ai_addr)->sin6_addr
                                                            : (void *)&((struct sockaddr_in *)answer->ai_addr)->sin_addr;
        char text[INET6_ADDRSTRLEN];
        if (inet_ntop(answer->ai_family, address, text, sizeof text) == NULL) continue;
        length += snprintf(line + length, sizeof line - (size_t)length - 1, " %s", text);
    }
    line[length++] = '\n';
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return;
    // In one piece. What cannot be written is missed by whoever reads it; the look-up goes on.
    ssize_t written = write(file, line, (size_t)length);
    (void)written;
    close(file);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    lookup next = (lookup)dlsym(RTLD_NEXT, "getaddrinfo");
    if (next == NULL) return EAI_SYSTEM;

    const char *hanging = getenv("LOCAL_AWS_HANGING_NAMES");
    const struct timespec a_moment = {.tv_nsec = 10 * 1000 * 1000};
    while (hanging != NULL && access(hanging, F_OK) == 0) nanosleep(&a_moment, NULL);

    const char *failing = getenv("LOCAL_AWS_FAILING_NAMES");
    int status = EAI_AGAIN;
    if (failing == NULL || access(failing, F_OK) != 0) {
        pthread_mutex_lock(&one_at_a_time);
        status = next(node, service, hints, result);
        pthread_mutex_unlock(&one_at_a_time);
    }
    record(node, status, status == 0 ? *result : NULL);
    return status;
}
