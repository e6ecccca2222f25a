/// Lambda's queue of one function: it keeps what SNS and EventBridge hand over, and invokes the function with it.
final class EventQueue {
    private struct Event {
        var payload: [UInt8]
        var born: Duration
        var failures = 0
        var throttles = 0
    }

    private let function: SimulatedFunction
    private let time: VirtualTime
    private let interval: Duration

    /// As the Terraform module's rule sends it.
    static let schedule = #"{"source":"schedule"}"#
    /// `reserved_concurrent_executions`
    private static let concurrency = 2

    /// - Parameter interval: of the schedule, by which the Terraform module sets how old events may become, and whether
    ///   one is tried again.
    init(of function: SimulatedFunction, time: VirtualTime, interval: Duration) {
        self.function = function
        self.time = time
        self.interval = interval
    }

    func add(_ payload: String) {
        invoke(Event(payload: Array(payload.utf8), born: time.now))
    }

    private func invoke(_ event: Event) {
        guard time.now - event.born <= interval else { return }
        var event = event
        guard function.underWay < Self.concurrency else {
            let pause = Duration.seconds(1 << min(event.throttles, 5))
            event.throttles += 1
            time.after(pause) { [self, event] in invoke(event) }
            return
        }
        function.invoke(event.payload) { [self, event] isAnswered in
            if !isAnswered { retry(event) }
        }
    }

    /// After one minute, and after two more.
    private func retry(_ event: Event) {
        guard interval > .seconds(60), event.failures < 2 else { return }
        var event = event
        event.failures += 1
        time.after(.seconds(60 * event.failures)) { [self, event] in invoke(event) }
    }
}
