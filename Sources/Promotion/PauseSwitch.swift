internal import AWSClient
package import Failover

/// Where it is written down whether an operator has paused promotions.
package protocol PauseSource: Sendable {
    var knowledge: PauseKnowledge { get async }
}

/// What promotion needs of Parameter Store.
package protocol ParameterService: Sendable {
    /// nil where there is no parameter of this name.
    func parameter(named name: String, deadline: ContinuousClock.Instant) async throws -> String?
    /// - Returns: whether there was none of this name.
    func putParameter(named name: String, value: String, deadline: ContinuousClock.Instant) async throws -> Bool
}

/// `PAUSE_PARAMETER`: pauses all watches of a function without a deployment. It is read at most once a minute, apart
/// from the checks. Where it cannot be read, what was last read holds, and it is tried more often: a pause can have come
/// meanwhile. Until it was read once nothing is promoted.
package actor PauseSwitch: PauseSource {
    private let name: String
    private let service: any ParameterService
    private let now: @Sendable () -> ContinuousClock.Instant

    package private(set) var knowledge = PauseKnowledge.unknown("it has not been read yet")
    private var lastTry: ContinuousClock.Instant?
    /// Why the last try failed; nil where it did not.
    package private(set) var lastFailure: (any Error)?

    /// A little less than a minute: a schedule of one minute does not come to the second, and would be passed over.
    private static let interval = Duration.seconds(57)
    private static let intervalAfterFailure = Duration.seconds(5)
    private static let longestRead = Duration.seconds(1)

    package init(
        parameter name: String, service: any ParameterService, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.name = name
        self.service = service
        self.now = now
    }

    /// Reads the parameter, if that was not tried of late. It takes a second at most.
    package func refreshIfDue(deadline: ContinuousClock.Instant) async {
        let start = now()
        let interval = lastFailure == nil ? Self.interval : Self.intervalAfterFailure
        if let lastTry, start - lastTry < interval { return }
        let before = lastTry
        lastTry = start
        do {
            let value = try await service.parameter(named: name, deadline: min(deadline, start + Self.longestRead))
            knowledge = PauseKnowledge(parameter: value)
            lastFailure = nil
        } catch {
            // The invocation is over, which says nothing of the store. Were it a try, each one that is due could be cut off in
            // the same way, and no pause would ever be seen, nor its end.
            guard !Task.isCancelled, now() < deadline else {
                lastTry = before
                return
            }
            lastFailure = PromotionError(
                code: .pauseUnreadable,
                reason: "parameter \(name), by which operators pause, could not be read: \(error)")
            if case .unknown = knowledge { knowledge = .unknown("parameter \(name) could not be read: \(error)") }
        }
    }

    /// - Parameter pause: nil to resume.
    package func set(_ pause: PauseKnowledge.Pause?, deadline: ContinuousClock.Instant) async throws -> Change {
        let value = pause.map { PauseNote(pause: $0).text } ?? PauseNote.running
        let isNew = try await service.putParameter(named: name, value: value, deadline: deadline)
        knowledge = pause.map { .paused($0) } ?? .none
        lastFailure = nil
        lastTry = now()
        return Change(parameter: name, isPaused: pause != nil, isNew: isNew)
    }

    /// What has become of the parameter.
    package struct Change: Sendable, Equatable {
        package var parameter: String
        package var isPaused: Bool
        /// It did not exist: the functions may well read another one, and then nothing has changed for them.
        package var isNew: Bool
    }
}
