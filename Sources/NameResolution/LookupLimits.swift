/// How many look-ups run at a time, and what makes one of them less welcome than others.
///
/// A look-up that hangs holds its thread for as long as getaddrinfo likes, 10 s and more, and nobody knows of a name
/// that it will hang before it does. Were the number of threads just bounded, then of 1,000 names those 32 that hang
/// would keep all others waiting; so a thread that hangs is not counted among them after a while (`patience`), and
/// another may take its place. That gets the healthy ones through the first round: with 100 names that hang,
/// after 3 × 0.25 s at most. From then on it is known which names hang (they are *suspect*), and few threads are spent
/// on them. Not at once as many threads as names, because a round of healthy ones needs no more than a few: each
/// takes a millisecond or so, and a thread costs memory.
struct LookupLimits: Sendable {
    /// Threads whose look-ups have not hung, at least 1.
    var threads = 32
    /// All threads, those that hang included; nothing is looked up beyond it.
    ///
    /// 256 that hang, of 1,000 names that were asked for, were measured to take 8 MB of memory: half of it for the
    /// threads and getaddrinfo's state, the other for those who wait.
    var ceiling = 256
    /// From when on a look-up hangs. A name server in reach answers within some milliseconds, or some hundred where it
    /// has to ask far away; what lasts longer is a lost datagram, which getaddrinfo asks for again after 5 s.
    var patience = Duration.milliseconds(250)
    /// A name whose look-up took longer is suspect, even if somebody still waited for it.
    var inTime = Duration.seconds(2)
    /// A look-up that is older has nothing to say to who asks now: its answer may have lain in a socket's buffer
    /// while the sandbox was frozen. They wait for the next one. A younger one's answer is not older than what name
    /// servers have in their caches anyway.
    var freshness = Duration.seconds(5)
    /// How many suspect names are remembered.
    var suspects = 2048

    /// Threads that suspect names may hold: a quarter.
    var suspectThreads: Int { max(1, threads / 4) }
}
