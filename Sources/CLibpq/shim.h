// PostgreSQL's client library.
#pragma once

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

// Swift does not let a global variable of C be read, which other threads could change. Called where there are none yet.
static inline void promoter_unset_libpq_variables(void) {
    char name[64];
    for (char **next = environ; next != NULL && *next != NULL;) {
        const size_t length = strcspn(*next, "=");
        if (strncmp(*next, "PG", 2) != 0 || length >= sizeof name) {
            ++next;
            continue;
        }
        memcpy(name, *next, length);
        name[length] = '\0';
        // What follows moves up to its place.
        if (unsetenv(name) != 0) ++next;
    }
}

// Character constants, which Swift does not see as what the function takes.
static const int promoter_diag_sqlstate = PG_DIAG_SQLSTATE;
static const int promoter_diag_message_primary = PG_DIAG_MESSAGE_PRIMARY;
