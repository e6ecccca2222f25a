package import Failover
package import NameResolution

/// Asks DNS which region is active, and keeps what that takes: the record set and the addresses of
/// its targets.
package actor ActiveRegionFinder {
    private let name: String
    private let reader: RecordSetReader
    private let resolver: any Resolver
    private let now: @Sendable () -> ContinuousClock.Instant

    /// A name server that has not answered by then will not.
    private static let longestTargetLookUp = Duration.seconds(5)

    package private(set) var records: [FailoverRecord]?
    private var targets = TargetAddresses()
    /// The last answer for the watched name, for people to see.
    package private(set) var lastAnswer: ResolvedName?

    package init(
        name: String, reader: RecordSetReader, resolver: any Resolver,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.name = normalizedHostName(name)
        self.reader = reader
        self.resolver = resolver
        self.now = now
    }

    /// What a first check would have to fetch, other than the answer itself.
    package func warmUp(deadline: ContinuousClock.Instant) async throws {
        try await readRecords(deadline: deadline)
    }

    /// One look-up while nothing changes. The targets are resolved again when the answer fits none of
    /// them, and after that the record set is read again, once. It is kept until then, however old it is:
    /// Route 53's control plane sits in one region, which may be the one that is down.
    ///
    /// - Throws: where the record set cannot be read. That DNS gives no answer is no error but an
    ///   active region that is `.unknown`.
    package func find(deadline: ContinuousClock.Instant) async throws -> ActiveRegion {
        lastAnswer = nil
        let answer: ResolvedName
        do {
            answer = try await resolver.resolve(name, deadline: deadline)
        } catch {
            return .unknown(.nameNotResolved(ActiveRegion.NameFailure(error)))
        }
        lastAnswer = answer

        if records != nil {
            if let active = explained(answer) { return active }
            await resolveTargets(deadline: deadline)
            if let active = explained(answer) { return active }
        }
        try await readRecords(deadline: deadline)
        if let active = match(answer) { return active }
        guard records?.isEmpty == false else { return .unknown(.noRecords) }
        return .unknown(.noRecordMatches(answer: answer.addresses.map(\.description)))
    }

    /// What the answer means by what is known; nil where another look at the records may tell more:
    /// whoever mends a record without a region should not have to restart this process.
    private func explained(_ answer: ResolvedName) -> ActiveRegion? {
        guard let active = match(answer) else { return nil }
        if case .unknown = active { return nil }
        return active
    }

    private func match(_ answer: ResolvedName) -> ActiveRegion? {
        let active = targets.activeRegion(of: answer, among: records ?? [])
        // An address remembered for one region may by now be another's: the next check looks anew.
        if case .ambiguous = active { targets = TargetAddresses() }
        return active
    }

    private func readRecords(deadline: ContinuousClock.Instant) async throws {
        records = try await reader.records(deadline: deadline)
        await resolveTargets(deadline: deadline)
    }

    /// All targets at the same time. One that does not resolve is left as it was: in an outage that is
    /// nothing special, and a record without addresses matches no answer. Nor may one whose name servers
    /// hang with its region take the time to act: that gets half of what is left, or more.
    private func resolveTargets(deadline: ContinuousClock.Instant) async {
        let names = Set(
            (records ?? []).compactMap { record -> String? in
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
