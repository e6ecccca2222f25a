package import Foundation
import Synchronization

/// The time that the emulated world lives by: failovers take as long as this clock says.
///
/// What a client measures itself stays with the real time whatever the mode: signature dates, the
/// deadline of a Lambda invocation, injected latency. A client cannot be told to hurry up.
package final class LocalClock: Sendable {
    package enum Mode: Sendable, Equatable {
        case real
        /// This many seconds pass in one real second.
        case scaled(Double)
        /// Stands still until `advance(by:)`.
        case manual
    }

    private struct Appointment {
        let due: Date
        let action: @Sendable () -> Void
    }

    private struct State {
        var manualNow: Date
        var appointments: [Int: Appointment] = [:]
        var lastID = 0
    }

    package let mode: Mode
    private let started: Date
    private let state: Mutex<State>

    package init(_ mode: Mode = .real, startingAt start: Date = Date()) {
        self.mode = mode
        self.started = start
        self.state = Mutex(State(manualNow: start))
    }

    private var scale: Double {
        if case .scaled(let factor) = mode, factor > 0 { return factor }
        return 1
    }

    package var now: Date {
        switch mode {
        case .real: Date()
        case .scaled: started.addingTimeInterval(Date().timeIntervalSince(started) * scale)
        case .manual: state.withLock { $0.manualNow }
        }
    }

    /// Runs `action` when this much time has passed: for a manual clock inside `advance(by:)`.
    package func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
        let due = now.addingTimeInterval(delay.seconds)
        let id = state.withLock { state in
            state.lastID += 1
            state.appointments[state.lastID] = Appointment(due: due, action: action)
            return state.lastID
        }
        guard mode != .manual else { return }
        let realDelay = Duration.seconds(max(0, delay.seconds / scale))
        Task { [weak self] in
            try await Task.sleep(for: realDelay)
            self?.keep(appointment: id)
        }
    }

    /// Moves a manual clock; what falls due on the way happens in its order, at its own time, before
    /// this returns. A clock that runs by itself takes no notice.
    package func advance(by delay: Duration) {
        guard mode == .manual else { return }
        let target = now.addingTimeInterval(delay.seconds)
        while let id = nextDue(until: target) { keep(appointment: id) }
        state.withLock { $0.manualNow = max($0.manualNow, target) }
    }

    private func nextDue(until target: Date) -> Int? {
        state.withLock { state in
            let due = state.appointments.filter { $0.value.due <= target }
            let first = due.min { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
            if let first { state.manualNow = max(state.manualNow, first.value.due) }
            return first?.key
        }
    }

    private func keep(appointment id: Int) {
        // The action takes other locks, and may make new appointments: never under this one.
        state.withLock { $0.appointments.removeValue(forKey: id) }?.action()
    }
}

extension Duration {
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
