#pragma once

/// The commit that the program was built of, with `+changes` where the checkout had others; empty where the build
/// was not told it. C, because Swift has no way to be told a string by the build.
const char *promoter_commit(void);
