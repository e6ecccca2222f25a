package import Failover
package import NameResolution

/// Asks DNS which region is active, and keeps what that takes: the record set and the addresses of
/// its targets.
package actor ActiveRegionFinder {
    private let name: String
    private let source: any RecordSource
    private let resolver: any Resolver
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A name server that has not answered by then will not.
    private static let longestTargetLookUp = Duration.seconds(5)

    /// How long a second look at the record set may take where a first one has given a region.
    private static let longestSecondLook = Duration.seconds(2)
    /// Targets that were resolved this short a while ago need not be again.
    private static let freshness = Duration.seconds(10)

    private var recordSet: RecordSet?
    /// The last region found, by targets that were resolved for it.
    private var settled: ActiveRegion?
    private var targetsResolvedAt: ContinuousClock.Instant?
    private var targets = TargetAddresses()
    package var records: [FailoverRecord]? { recordSet?.records }
    /// The last answer for the watched name, for people to see.
    package private(set) var lastAnswer: ResolvedName?

    package init(
        name: String, source: any RecordSource, resolver: any Resolver,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.name = normalizedHostName(name)
        self.source = source
        self.resolver = resolver
        self.now = now
    }

    /// What a first check would have to fetch, other than the answer itself.
    package func warmUp(deadline: ContinuousClock.Instant) async throws {
        try await readRecords(deadline: deadline)
    }

    /// Nobody has looked for a while: the next region found is to be looked at twice, even if it is the last one.
    package func distrust() {
        settled = nil
        targetsResolvedAt = nil
    }

    /// One look-up while nothing changes.
    ///
    /// A region other than the last one found is believed only by what its targets resolve to now: addresses
    /// move on. Where the answer fits none of them the record set is read again, once. Otherwise it is
    /// kept, however old it is: Route 53's control plane sits in one region, which may be the one that is down.
    ///
    /// - Throws: where the record set has to be read and cannot be. That DNS gives no answer is no error but an
    ///   active region that is `.unknown`.
    package func find(deadline: ContinuousClock.Instant) async throws -> ActiveRegion {
        lastAnswer = nil
        do {
            let answer = try await resolver.resolve(name, deadline: deadline)
            lastAnswer = answer
            let active = try await explain(answer, deadline: deadline)
            settled = active
            return active
        } catch let error as ResolutionError {
            settled = nil
            return .unknown(.nameNotResolved(ActiveRegion.NameFailure(error)))
        }
    }

    private func explain(_ answer: ResolvedName, deadline: ContinuousClock.Instant) async throws -> ActiveRegion {
        if let recordSet {
            if let active = match(answer, recordSet, .recent), active == settled || isFresh, active.isRegion {
                return active
            }
            await resolveTargets(of: recordSet, deadline: deadline)
            if let active = matchAnew(answer, recordSet), active.isKnown {
                guard active.isRegion, dependsOnLabels(answer, recordSet) else { return active }
                // The set may have been edited, and only its labels say which region is meant. If it cannot be
                // read, what is known has to do; if it can, what is gone from it says nothing any more.
                let start = now()
                let edited = try? await readRecords(
                    deadline: start + min(Self.longestSecondLook, (deadline - start) / 2))
                return edited.map { explain(answer, by: $0) } ?? active
            }
        }
        return explain(answer, by: try await readRecords(deadline: deadline))
    }

    /// By a set that was just read.
    private func explain(_ answer: ResolvedName, by recordSet: RecordSet) -> ActiveRegion {
        if let active = matchAnew(answer, recordSet) { return active }
        guard !recordSet.records.isEmpty else { return .unknown(.noRecords) }
        return .unknown(.noRecordMatches(answer: answer.addresses.map(\.description)))
    }

    private var isFresh: Bool {
        guard let targetsResolvedAt else { return false }
        return now() - targetsResolvedAt < Self.freshness
    }

    private func match(
        _ answer: ResolvedName, _ recordSet: RecordSet, _ scope: TargetAddresses.Scope
    ) -> ActiveRegion? {
        if let policy = recordSet.routingByClient { return .unknown(.routingByClient(policy: policy)) }
        return targets.activeRegion(of: answer, among: recordSet.records, scope, now: now())
    }

    /// For targets that were just resolved. An address that one region had and another has now is no
    /// ambiguity; one that both have is.
    private func matchAnew(_ answer: ResolvedName, _ recordSet: RecordSet) -> ActiveRegion? {
        let active = match(answer, recordSet, .recent)
        guard case .ambiguous = active else { return active }
        return match(answer, recordSet, .latest) ?? active
    }

    /// Whether the region of the answer is read from a label of the record, not from its target's name.
    private func dependsOnLabels(_ answer: ResolvedName, _ recordSet: RecordSet) -> Bool {
        targets.matches(of: answer, among: recordSet.records, now: now()).contains { record in
            guard case .name(let host) = record.target else { return true }
            return region(ofHost: host) == nil
        }
    }

    @discardableResult
    private func readRecords(deadline: ContinuousClock.Instant) async throws -> RecordSet {
        let read = try await source.read(deadline: deadline)
        recordSet = read
        await resolveTargets(of: read, deadline: deadline)
        return read
    }

    /// All targets at the same time. One that does not resolve is left as it was: in an outage that is
    /// nothing special, and a record without addresses matches no answer. Nor may one whose name servers
    /// hang with its region take the time to act: that gets half of what is left, or more.
    private func resolveTargets(of recordSet: RecordSet, deadline: ContinuousClock.Instant) async {
        let names = Set(
            recordSet.records.compactMap { record -> String? in
                if case .name(let name) = record.target { name } else { nil }
            })
        let resolver = resolver
        let start = now()
        let deadline = start + min(Self.longestTargetLookUp, (deadline - start) / 2)
        let answers = await withTaskGroup(of: (String, ResolvedName?).self) { group in
            for name in names {
                group.addTask { (name, try? await resolver.resolve(name, deadline: deadline)) }
            }
            var answers: [(String, ResolvedName)] = []
            for await (name, answer) in group {
                if let answer { answers.append((name, answer)) }
            }
            return answers
        }
        let now = now()
        for (name, answer) in answers { targets.learn(name, answer, now: now) }
        targetsResolvedAt = now
    }
}

extension ActiveRegion.NameFailure {
    init(_ error: ResolutionError) {
        switch error.code {
        case .notFound: self = .notFound
        case .noData: self = .noAddresses
        case .temporary: self = .temporary
        case .timedOut: self = .timedOut
        default: self = .failed(error.reason)
        }
    }
}

extension ActiveRegion {
    fileprivate var isRegion: Bool {
        if case .region = self { true } else { false }
    }

    /// Not `.unknown`: whoever mends the record that is to blame should not have to restart this process.
    fileprivate var isKnown: Bool {
        if case .unknown = self { false } else { true }
    }
}
