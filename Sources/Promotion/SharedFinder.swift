internal import Failover
internal import NameResolution

/// One finder for the promoters of a watch that has two groups: what they ask at the same time is looked up once.
package actor SharedFinder {
    private struct LookUp: Sendable {
        var number: Int
        /// Of the first look-up of those in a row, up to this one, that came to the same.
        var sameSince: Int
        var began: ContinuousClock.Instant
        var active: Result<ActiveRegion, any Error>
        var answer: ResolvedName?
        /// What it took of AWS: to whoever waited for it, they are calls of his own.
        var calls: [CallLog.Call]
    }

    private let finder: ActiveRegionFinder
    private let calls: CallLog
    private let now: @Sendable () -> ContinuousClock.Instant

    private var last: LookUp?
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Checks that begin at the same time do not begin at the very same moment. It is less than what is between two
    /// checks of one promoter.
    private static let moment = Duration.milliseconds(100)

    /// - Parameter calls: of the finder's source.
    package init(
        _ finder: ActiveRegionFinder, calls: CallLog, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.finder = finder
        self.calls = calls
        self.now = now
    }

    /// The finder as one promoter has it.
    ///
    /// - Parameter calls: of the promoter.
    package nonisolated func part(calls: CallLog) -> any RegionFinder { Part(self, calls: calls) }

    /// - Parameter seen: the number of the last look-up that whoever asks has had: no two checks of one promoter may
    ///   stand on the same answer.
    private func lookUp(after seen: Int, deadline: ContinuousClock.Instant) async -> LookUp {
        while isBusy {
            await withCheckedContinuation { waiting.append($0) }
            // Its answer came after it was asked for here.
            if let last, last.number > seen { return last }
        }
        if let last, last.number > seen, now() - last.began < Self.moment { return last }
        isBusy = true
        let began = now()
        let active: Result<ActiveRegion, any Error>
        do { active = .success(try await finder.find(deadline: deadline)) } catch { active = .failure(error) }
        let number = (last?.number ?? 0) + 1
        let isSame = if case .success(let region) = active { region == (try? last?.active.get()) } else { false }
        let done = LookUp(
            number: number, sameSince: isSame ? last?.sameSince ?? number : number, began: began, active: active,
            answer: await finder.lastAnswer, calls: calls.take())
        last = done
        release()
        return done
    }

    private func warmUp(deadline: ContinuousClock.Instant) async -> (Result<Void, any Error>, [CallLog.Call]) {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { release() }
        do {
            try await finder.warmUp(deadline: deadline)
            return (.success(()), calls.take())
        } catch { return (.failure(error), calls.take()) }
    }

    private func release() {
        isBusy = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    private var records: [FailoverRecord]? {
        get async { await finder.records }
    }

    /// Whether the last look-up, or one after that of the number, came to something else.
    private func hasMoved(since number: Int) -> Bool { last.map { $0.sameSince > number } ?? false }

    private func distrust() async {
        await finder.distrust()
    }

    private actor Part: RegionFinder {
        private let whole: SharedFinder
        private let calls: CallLog
        /// The number of the last look-up that it has had; 0 for none.
        private var seen = 0
        /// Whether the other one has heard otherwise between that and the one before.
        private var hasMovedBetween = false
        private(set) var lastAnswer: ResolvedName?

        init(_ whole: SharedFinder, calls: CallLog) {
            self.whole = whole
            self.calls = calls
        }

        var records: [FailoverRecord]? {
            get async { await whole.records }
        }

        func otherHeardOtherwise() async -> Bool {
            guard !hasMovedBetween else {
                hasMovedBetween = false
                return true
            }
            return seen > 0 ? await whole.hasMoved(since: seen) : false
        }

        func warmUp(deadline: ContinuousClock.Instant) async throws {
            let (outcome, taken) = await whole.warmUp(deadline: deadline)
            for call in taken { calls.record(call) }
            try outcome.get()
        }

        func distrust() async {
            await whole.distrust()
        }

        func find(deadline: ContinuousClock.Instant) async throws -> ActiveRegion {
            lastAnswer = nil
            let lookUp = await whole.lookUp(after: seen, deadline: deadline)
            hasMovedBetween = seen > 0 && lookUp.sameSince > seen + 1
            seen = lookUp.number
            lastAnswer = lookUp.answer
            for call in lookUp.calls { calls.record(call) }
            return try lookUp.active.get()
        }
    }
}
