internal import Glibc

/// Threads of our own, for what blocks: Swift's own pool has one thread a core and must never wait.
enum Thread {
    /// Runs `body` on a new detached thread.
    ///
    /// The thread takes no signals that are sent to the process, so that their handlers run where they
    /// always did; those that a fault raises stay as they are, since blocked they would kill the process
    /// without a word.
    ///
    /// - Returns: 0, or the error number of `pthread_create(3)`, and then `body` does not run.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        var status = pthread_attr_init(&attributes)
        guard status == 0 else { return status }
        defer { pthread_attr_destroy(&attributes) }
        status = pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        guard status == 0 else { return status }
        status = pthread_attr_setstacksize(&attributes, stackSize)
        guard status == 0 else { return status }

        // A thread inherits its creator's mask: block first, so that there is no moment without.
        var blocked = sigset_t()
        var before = sigset_t()
        sigfillset(&blocked)
        for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS] { sigdelset(&blocked, fault) }
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let box = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        if status != 0 { box.release() }
        return status
    }

    /// glibc 2.36's getaddrinfo was measured to need 16 KiB, with DNS and with `/etc/hosts`; the rest is
    /// for the NSS modules that a host may have and for thread-local storage, which glibc takes from here.
    private static let stackSize = 256 << 10

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
