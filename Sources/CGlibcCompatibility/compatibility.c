// Lambda's provided.al2023 has glibc 2.34. The static libraries that the release is linked from were built for a
// newer one and ask for the functions below, which came later. Defined here, they are not asked of the C library.

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

// glibc 2.36. libstdc++'s std::random_device and expat's hash salt.
void arc4random_buf(void *buffer, size_t size) {
    for (char *next = buffer; size > 0;) {
        const ssize_t count = getrandom(next, size, 0);
        if (count < 0) {
            if (errno == EINTR) continue;
            abort();  // As glibc's own does: no random bytes is nothing that a caller could be told.
        }
        next += count;
        size -= (size_t)count;
    }
}

uint32_t arc4random(void) {
    uint32_t number;
    arc4random_buf(&number, sizeof number);
    return number;
}

// glibc 2.35 gave it a new version that does not set errno. Swift's standard library has it for complex numbers.
float hypotf(float x, float y) {
    if (isinf(x) || isinf(y)) return INFINITY;
    // The squares of any two floats have room in a double.
    return (float)sqrt((double)x * x + (double)y * y);
}
