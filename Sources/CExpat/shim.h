// The streaming XML parser that the answers of AWS are read with.
#pragma once

#include <expat.h>
