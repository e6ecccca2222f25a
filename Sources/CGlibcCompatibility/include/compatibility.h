#pragma once
// Nothing to call: what compatibility.c defines takes the place of the C library's.
