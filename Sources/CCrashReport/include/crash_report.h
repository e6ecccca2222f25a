#pragma once

/// From now on a trap, an abort or a bad access writes what it was and where to stderr, as two lines of
/// JSON, before the process ends by the signal as it would have. Costs a few system calls and no thread.
void crash_report_install(void);
