#include "commit.h"

const char *promoter_commit(void) { return PROMOTER_COMMIT; }
