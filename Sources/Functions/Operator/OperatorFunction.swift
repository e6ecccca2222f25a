package import AWSClient
internal import Failover
internal import JSON
package import LambdaRuntime
package import Logging
package import Promotion

/// The handler `operator`: status, pause and resume, failover, switchover and detachment, for people and for the plans
/// of others.
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
        let watches = try operation.watches(named: event.watch, group: event.group)
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
        case .failover:
            return try await carryOut(
                .failover(allowsDataLoss: event.allowsDataLoss), event, watches, deadline: deadline)
        case .detach: return try await carryOut(.detach, event, watches, deadline: deadline)
        case .switchover:
            let lag = event.maximumLagSeconds.map { Duration.milliseconds(Int64(($0 * 1000).rounded())) }
            return try await carryOut(
                .switchover(maximumLag: lag ?? Operator.maximumLag), event, watches, deadline: deadline)
        case .history:
            let entries = try await operation.history(of: event.watch, deadline: deadline)
            return Self.answer(event, ["promotions": .array(entries.map(\.json))])
        case .rejoin:
            let order = event.rejoin ?? RejoinOrder()
            return Self.answer(
                event,
                try await operation.answer(order, of: watches, deadline: deadline) { logger.notice("\($0)") })
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
        var done: [OrderResult] = []
        var failures: [String] = []
        for result in results {
            switch result {
            case .success(let result):
                if result.outcome.isDryRun { failures.append("\(result.identity.name): \(result.sentence)") }
                logger.notice("\(result.sentence)", metadata: ["watch": "\(result.identity.watch)"])
                done.append(result)
            case .failure(let failure):
                logger.error("\(failure)", metadata: ["watch": "\(failure.identity.watch)"])
                let hint =
                    Decision.detachmentHint(for: failure.underlying, failure.identity.kind).map { " (\($0))" } ?? ""
                failures.append("\(failure.identity.name): \(failure)\(hint)")
            }
        }
        guard failures.isEmpty else { throw OrderNotCarriedOut(order: order, failures: failures, of: results.count) }
        return Self.answer(event, done.json)
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
