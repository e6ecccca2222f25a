// jansson is a complete JSON parser and writer in C. What is a macro in its header, and therefore
// invisible to Swift, is wrapped here.
#pragma once

#include <jansson.h>

static inline json_type promoter_json_type(const json_t *value) { return json_typeof(value); }
