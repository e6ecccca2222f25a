package import AWSClient
internal import Failover
package import JSON
package import LambdaRuntime
package import Logging
package import Promotion

/// The handler `operator`: status, pause and resume, failover and switchover, for people and for the plans of others.
package struct OperatorFunction: Sendable {
    private let operation: Operator
    private let logger: Logger

    package init(assembly: PromoterAssembly, logger: Logger) {
        operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: logger))
        self.logger = logger
    }

    /// - Returns: what was done, or what there is to be seen, as JSON.
    /// - Throws: where the order was refused or could not be carried out: that fails the invocation, and stops the plan
    ///   that it is a step of.
    package func handle(_ invocation: Invocation) async throws -> [UInt8] {
        let deadline = PromoterFunction.deadline(of: invocation, now: operation.assembly.now())
        let event = try OperatorEvent(parsing: invocation.payload, ownRegion: operation.assembly.region)
        let watches = try operation.watches(named: event.watch)
        logger.notice(
            "\(event.command.rawValue) by \(event.by ?? "an operator")",
            metadata: ["command": "\(event.command.rawValue)", "reason": "\(event.reason ?? "")"])
        switch event.command {
        case .status:
            let overviews = await operation.overviews(of: watches, deadline: deadline)
            return Self.answer(event, ["watches": .array(overviews.map(\.json))])
        case .pause:
            let change = try await operation.pause(by: event.by, reason: event.reason, deadline: deadline)
            return Self.answer(event, note(change))
        case .resume:
            return Self.answer(event, note(try await operation.resume(deadline: deadline)))
        case .failover: return try await carryOut(.failover, event, watches, deadline: deadline)
        case .switchover:
            let lag = event.maximumLagSeconds.map { Duration.milliseconds(Int64(($0 * 1000).rounded())) }
            return try await carryOut(
                .switchover(maximumLag: lag ?? Operator.maximumLag), event, watches, deadline: deadline)
        case .history:
            let entries = try await operation.history(of: event.watch, deadline: deadline)
            return Self.answer(event, ["promotions": .array(entries.map(\.json))])
        }
    }

    private func note(_ change: PauseSwitch.Change) -> JSONValue {
        logger.log(level: change.isNew ? .warning : .notice, "\(change.sentence)")
        return change.json
    }

    private func carryOut(
        _ order: Order, _ event: OperatorEvent, _ watches: [PromoterAssembly.Watch], deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        let results = await operation.carryOut(order, on: watches, by: event.by, deadline: deadline)
        var lines: [JSONValue] = []
        var failures: [String] = []
        for result in results {
            switch result {
            case .success(let done):
                if case .wouldPromote = done.outcome { failures.append("\(done.identity.name): \(done.sentence)") }
                logger.notice("\(done.sentence)", metadata: ["watch": "\(done.identity.watch)"])
                lines.append(done.json)
            case .failure(let failure):
                logger.error("\(failure)", metadata: ["watch": "\(failure.identity.watch)"])
                let hint =
                    Decision.detachmentHint(for: failure.underlying, failure.identity.kind).map { " (\($0))" } ?? ""
                failures.append("\(failure.identity.name): \(failure)\(hint)")
            }
        }
        guard failures.isEmpty else { throw OrderNotCarriedOut(order: order, failures: failures, of: results.count) }
        return Self.answer(event, ["watches": .array(lines)])
    }

    private static func answer(_ event: OperatorEvent, _ value: JSONValue) -> [UInt8] {
        guard case .object(let members) = value else { return value.serialized() }
        return JSONValue.object([.init("command", .string(event.command.rawValue))] + members).serialized()
    }
}

/// An order was not carried out on all watches; what was done on the others stays.
struct OrderNotCarriedOut: Error, CustomStringConvertible, LambdaReportable {
    var order: Order
    var failures: [String]
    var of: Int

    var description: String {
        let more = failures.count > 5 ? "; and \(failures.count - 5) more, see the log" : ""
        let count = of == 1 ? "" : " for \(failures.count) of \(of) watches"
        return "\(order.name) not carried out\(count): \(failures.prefix(5).joined(separator: "; "))\(more)"
    }

    var lambdaErrorType: String { "OrderNotCarriedOut" }
}

extension OperatorEventError: LambdaReportable {
    package var lambdaErrorType: String { "InvalidEvent" }
}

/// As of a check that failed: `CheckFailure.errorType`.
extension PromotionError: LambdaReportable {
    package var lambdaErrorType: String { code.rawValue }
}

extension AWSError: LambdaReportable {
    package var lambdaErrorType: String { awsCode ?? "AWSError" }
}

extension OrderResult {
    /// What came of the order, in words.
    package var sentence: String {
        switch outcome {
        case .promoted(let promotion):
            "\(promotion.memberName) in \(promotion.region) is \(identity.kind.primary), and \(promotion.groupID) available,"
                + " after \(duration.secondsInWords)"
        case .wasInPlace:
            "nothing to do: the member of \(identity.groupID) in \(identity.ownRegion) is \(identity.kind.primary) already"
        case .wouldPromote(let promotion):
            "DRY_RUN is set: \(promotion.memberName) in \(promotion.region) would be promoted, and was not"
        }
    }

    package var json: JSONValue {
        let word =
            switch outcome {
            case .promoted: "promoted"
            case .wasInPlace: "wasInPlace"
            case .wouldPromote: "wouldPromote"
            }
        return [
            "watch": .string(identity.watch), "outcome": .string(word), "message": .string(sentence),
            "region": .string(identity.ownRegion), identity.kind.key: group?.json ?? nil,
            "seconds": .real(duration.milliseconds / 1000), "calls": .array(calls.map { .string($0.name) }),
        ]
    }
}
