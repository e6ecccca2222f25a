// Swift's own backtraces need a second program beside the first, half as large again as the whole release, started at
// the moment of the crash. This writes the addresses; `addr2line` and the release's debug file make lines of them.
//
// The handler allocates nothing and takes no lock but the loader's, for the unwinder's tables: a crash within malloc is
// reported, too. (glibc's backtrace() would allocate.)

#define _GNU_SOURCE
#include "crash_report.h"

#include <link.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

static uintptr_t load_address;

static const struct {
    int number;
    const char *words;
} crashes[] = {
    {SIGILL, "SIGILL: the program stopped itself (a trap: overflow, index out of range, a failed precondition)"},
    {SIGTRAP, "SIGTRAP: the program stopped itself (a trap: overflow, index out of range, a failed precondition)"},
    {SIGSEGV, "SIGSEGV: access to memory that is not there, or a stack that is full"},
    {SIGBUS, "SIGBUS: access to memory that cannot be read"},
    {SIGFPE, "SIGFPE: division by zero or overflow"},
    {SIGABRT, "SIGABRT: the program gave up"},
};

// A line has room for all of it: 64 addresses of at most 21 bytes, and the words.
enum { crash_count = sizeof crashes / sizeof crashes[0], line_size = 2048, frame_count = 64 };

struct line {
    char bytes[line_size];
    size_t length;
};

static void put(struct line *line, const char *text) {
    while (*text && line->length < line_size) line->bytes[line->length++] = *text++;
}

static void put_number(struct line *line, uintmax_t number, unsigned base) {
    char digits[24];
    size_t next = sizeof digits - 1;
    digits[next] = 0;
    do {
        digits[--next] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0 && next > 0);
    put(line, digits + next);
}

static void put_address(struct line *line, uintptr_t address) {
    put(line, "0x");
    put_number(line, address, 16);
}

static void write_out(const struct line *line) {
    const ssize_t written = write(STDERR_FILENO, line->bytes, line->length);
    (void)written;  // There is nobody left to tell.
}

// Addresses are given as those in the file, so that they mean the same in every process.
static uintptr_t program_counter(const ucontext_t *context) {
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)context->uc_mcontext.pc;
#else
    return 0;
#endif
}

struct trace {
    struct line *line;
    uintptr_t start;
    int count;
};

static _Unwind_Reason_Code put_frame(struct _Unwind_Context *context, void *argument) {
    struct trace *trace = argument;
    const uintptr_t address = (uintptr_t)_Unwind_GetIP(context);
    // The frames of this handler and of the signal itself say nothing: the list begins where it happened.
    if (trace->count == 0 && address != trace->start) return _URC_NO_REASON;
    put(trace->line, trace->count == 0 ? "\"" : ",\"");
    put_address(trace->line, address - load_address);
    put(trace->line, "\"");
    return ++trace->count < frame_count ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static void report(int number, siginfo_t *info, void *context) {
    struct line line;
    line.length = 0;
    const char *words = "a fatal signal";
    for (int i = 0; i < crash_count; i++) {
        if (crashes[i].number == number) words = crashes[i].words;
    }
    put(&line, "{\"level\":\"FATAL\",\"message\":\"crashed by ");
    put(&line, words);
    if (info->si_code > 0) {  // By the processor. Of a signal that was sent, as by abort(), this is the sender's number.
        put(&line, "\",\"accessTo\":\"");
        put_address(&line, (uintptr_t)info->si_addr);
    }
    put(&line, "\",\"at\":\"");
    put_address(&line, program_counter(context) - load_address);
    put(&line, "\"}\n");
    write_out(&line);
    // A line of its own: with a stack that is damaged the way back along it may not succeed.
    line.length = 0;
    put(&line, "{\"level\":\"FATAL\",\"message\":\"backtrace of the crash\",\"backtrace\":[");
    struct trace trace = {.line = &line, .start = program_counter(context)};
    _Unwind_Backtrace(put_frame, &trace);
    put(&line, "]}\n");
    write_out(&line);
    // SA_RESETHAND has put the default back: the same instruction, or this, ends the process as it would have.
    raise(number);
}

static int find_program(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size;
    (void)unused;
    load_address = info->dlpi_addr;  // The program itself is the first in the list; 0 unless it was moved.
    return 1;
}

void crash_report_install(void) {
    dl_iterate_phdr(find_program, NULL);
    // A stack of its own, or an overflowing one could not be reported. For this thread: the others' have no guard to
    // spare either, but nothing on them recurses.
    static char stack[32 << 10];
    const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {.sa_sigaction = report, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i].number, &action, NULL);
}
