// A library to preload, not to call: it stands in front of clock_gettime. See clock_gettime.c.
#pragma once
