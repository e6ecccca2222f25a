// Preloaded in front of libnss_wrapper, this getaddrinfo adds two things to its.
//
// One look-up at a time: nss_wrapper 1.1 reads a changed hosts file anew without a lock, so that of two
// look-ups at once one may search a table that the other has just freed.
//
// Look-ups that hang: while the file that LOCAL_AWS_HANGING_NAMES names exists, none returns. That is
// a name server that never answers, as seen from a process.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    lookup next = (lookup)dlsym(RTLD_NEXT, "getaddrinfo");
    if (next == NULL) return EAI_SYSTEM;

    const char *hanging = getenv("LOCAL_AWS_HANGING_NAMES");
    const struct timespec a_moment = {.tv_nsec = 10 * 1000 * 1000};
    while (hanging != NULL && access(hanging, F_OK) == 0) nanosleep(&a_moment, NULL);

    pthread_mutex_lock(&one_at_a_time);
    int status = next(node, service, hints, result);
    pthread_mutex_unlock(&one_at_a_time);
    return status;
}
