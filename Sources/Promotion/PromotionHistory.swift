package import AWSClient
internal import Failover
package import JSON

/// Where it is kept that a member was detached, beyond the life of a process.
package protocol DetachmentRecord: Sendable {
    /// The member that the last thing on record of this group in this region is the detachment of; nil where it is
    /// something else, or cannot be read.
    func detachedMember(group: String, region: String, deadline: ContinuousClock.Instant) async -> String?
}

extension DetachmentRecord {
    package func isDetached(group: String, region: String, deadline: ContinuousClock.Instant) async -> Bool {
        await detachedMember(group: group, region: region, deadline: deadline) != nil
    }
}

/// The promotions of a function, the latest first: kept in the parameter beside `PAUSE_PARAMETER`.
package struct PromotionHistory: Sendable, DetachmentRecord {
    /// One promotion, or detachment, and how it ended as far as is known.
    package struct Entry: Sendable, Equatable {
        /// RFC 3339.
        package var time: String
        package var watch: String
        package var group: String
        package var member: String
        package var region: String
        /// The kind of the last event of it, such as `finished`.
        package var outcome: String
        /// What it took, for a promotion that is over.
        package var seconds: Double?
        /// Who ordered it; nil for DNS.
        package var by: String?
    }

    private let parameter: String
    private let service: any ParameterService

    /// What fits into a parameter of the standard tier.
    private static let capacity = 4096

    /// - Parameter pauseParameter: `PAUSE_PARAMETER`; the history is in the one with `-history` after its name.
    package init(pauseParameter: String, service: any ParameterService) {
        parameter = Self.parameterName(beside: pauseParameter)
        self.service = service
    }

    package static func parameterName(beside pauseParameter: String) -> String { "\(pauseParameter)-history" }

    /// - Returns: the latest first; none where nothing was ever written.
    /// - Throws: `PromotionError` where something else is in the parameter.
    package func entries(deadline: ContinuousClock.Instant) async throws -> [Entry] {
        do {
            return try await read(deadline: deadline)
        } catch let error as JSONError {
            throw PromotionError(
                code: .historyUnreadable,
                reason:
                    "parameter \(parameter), which keeps the history, holds something else (\(error)): put [] into it;"
                    + " the next promotion begins it anew, too")
        }
    }

    private func read(deadline: ContinuousClock.Instant) async throws -> [Entry] {
        guard let text = try await service.parameter(named: parameter, deadline: deadline) else { return [] }
        return try JSONReader(JSONValue(parsing: text.utf8), path: parameter).array().map { try Entry($0) }
    }

    /// Writes an event down: a promotion that has begun is a new entry, and what follows changes that one.
    package func note(
        _ event: PromotionEvent, watch: String, by operatorName: String?, time: String,
        deadline: ContinuousClock.Instant
    ) async throws {
        guard let entry = Entry(event, watch: watch, by: operatorName, time: time) else { return }
        var entries: [Entry]
        do {
            entries = try await read(deadline: deadline)
        } catch is JSONError {
            // What somebody else has written there must not stop what is new from being kept.
            entries = []
        }
        let earlier = entries.firstIndex { $0.isUnderWay && $0.group == entry.group && $0.region == entry.region }
        if entry.isUnderWay || earlier == nil {
            // What ends a promotion that was not seen to begin does not bring back the member.
            let isOver = ["cameToNothing", "gaveUp", "overtaken"].contains(entry.outcome)
            let latest = entries.firstIndex { $0.group == entry.group && $0.region == entry.region }
            let detachment = latest.flatMap { entries[$0].outcome == "detached" ? $0 : nil }
            entries.insert(entry, at: isOver ? detachment.map { $0 + 1 } ?? 0 : 0)
        } else if let earlier {
            entries[earlier].outcome = entry.outcome
            entries[earlier].seconds = entry.seconds
            // Whoever has the end of a promotion detached has ordered more than its end.
            if case .detached = event { entries[earlier].by = entry.by ?? entries[earlier].by }
            // A detachment is the latest thing that is known of the group.
            entries.insert(entries.remove(at: earlier), at: 0)
        }
        _ = try await service.putParameter(named: parameter, value: Self.text(of: entries), deadline: deadline)
    }

    package func detachedMember(
        group: String, region: String, deadline: ContinuousClock.Instant
    ) async -> String? {
        guard let entries = try? await entries(deadline: deadline) else { return nil }
        // Users write the id in any case; the history has AWS's own.
        let latest = entries.first { $0.group.lowercased() == group.lowercased() && $0.region == region }
        return latest?.outcome == "detached" ? latest?.member : nil
    }

    /// As many as fit. What goes first is what nobody has to know any more: not that a member is detached.
    private static func text(of entries: [Entry]) -> String {
        var kept = entries
        while true {
            let text = JSONValue.array(kept.map(\.json)).serialized()
            // A parameter is measured in characters, of which there are never more than bytes.
            guard text.count > capacity, !kept.isEmpty else { return String(decoding: text, as: UTF8.self) }
            kept.remove(at: kept.lastIndex { $0.outcome != "detached" } ?? kept.count - 1)
        }
    }
}

extension PromotionHistory.Entry {
    fileprivate var isUnderWay: Bool { outcome == "begun" }

    /// As it is to be shown: a promotion that has begun and may not last any more is one whose end nobody saw, and
    /// `notSeen`. What is kept is not changed by that; who sees the end late still writes it down.
    package func shown(at now: Timestamp) -> Self {
        var entry = self
        if isUnderWay, let begun = Timestamp(iso8601: time),
            now.seconds(since: begun) >= Policy.longestPromotion.components.seconds
        {
            entry.outcome = "notSeen"
        }
        return entry
    }

    /// nil for an event that is not of one promotion.
    fileprivate init?(_ event: PromotionEvent, watch: String, by operatorName: String?, time: String) {
        let promotion: Decision.Promotion
        var duration: Duration?
        switch event {
        case .begun(let it, _): promotion = it
        case .finished(let it, let elapsed), .cameToNothing(let it, let elapsed), .gaveUp(let it, let elapsed),
            .overtaken(let it, _, let elapsed):
            (promotion, duration) = (it, elapsed)
        case .detached(let it, let elapsed): (promotion, duration) = (it, elapsed)
        case .failed, .detachmentFailed, .stuck, .noLongerWanted: return nil
        }
        self.init(
            time: time, watch: watch, group: promotion.groupID, member: promotion.memberID, region: promotion.region,
            outcome: event.kind, seconds: duration.map { $0.milliseconds / 1000 }, by: operatorName)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONError) {
        self.init(
            time: try reader.required("time").string(), watch: try reader.required("watch").string(),
            group: try reader.required("group").string(), member: try reader.required("member").string(),
            region: try reader.required("region").string(), outcome: try reader.required("outcome").string(),
            seconds: try reader.member("seconds")?.number(in: 0...1e9), by: try reader.member("by")?.string())
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("time", .string(time)), .init("watch", .string(watch)), .init("group", .string(group)),
            .init("member", .string(member)), .init("region", .string(region)), .init("outcome", .string(outcome)),
        ]
        if let seconds { members.append(.init("seconds", .real(seconds))) }
        if let by { members.append(.init("by", .string(by))) }
        return .object(members)
    }
}
