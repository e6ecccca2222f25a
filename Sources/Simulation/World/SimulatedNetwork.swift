internal import HTTPTransport

/// What a request meets on its way. Times are from when it was sent.
enum Passage: Sendable, Equatable {
    /// The service gets it after the first, and its answer is there after the second, which is longer.
    case carried(there: Duration, back: Duration)
    /// No connection, which is known after so long.
    case refused(after: Duration)
    /// Nothing comes of it, and nobody says so.
    case swallowed
    /// The service gets it, and its answer is never seen.
    case carriedInSilence(there: Duration)
    /// The service gets it, and the connection breaks before the answer, after the second time.
    case cutOff(there: Duration, after: Duration)
}

/// The network of one process.
final class SimulatedNetwork: HTTPExecutor, @unchecked Sendable {
    private let process: SimulatedProcess
    private let world: World
    private let source: Witness.Source
    private let flaw: Variant.Flaw?

    init(of process: SimulatedProcess, as source: Witness.Source, in world: World, flaw: Variant.Flaw?) {
        self.flaw = flaw
        self.process = process
        self.source = source
        self.world = world
    }

    var taskExecutor: (any TaskExecutor)? { process }

    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        let time = process.time
        var event: EventHeap.Event?
        let isOver: Bool? = await process.wait { end in
            event = time.after(deadline - time.instant) { end(true) }
        }
        if isOver == nil {
            event.map(time.cancel)
            throw CancellationError()
        }
    }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let call = ServiceCall(request, from: source)
        do {
            return try await carry(call, deadline: flaw == .waitsForEver ? nil : deadline)
        } catch {
            guard flaw == .repeatsRequests, error.requestMayHaveBeenSent, call.isChange else { throw error }
            return try await carry(call, deadline: deadline)
        }
    }

    private func carry(
        _ call: ServiceCall, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let time = process.time
        let passage = world.weather.passage(of: call, at: time.now)
        var events: [EventHeap.Event] = []
        let outcome: Result<HTTPResponse, Failure>? = await process.wait { end in
            if let deadline {
                events.append(time.after(deadline - time.instant) { end(.failure(Failure(code: .deadlineExceeded))) })
            }
            switch passage {
            case .carried(let there, let back):
                events.append(
                    time.after(there) { [world] in
                        let response = world.answer(call)
                        events.append(time.after(back - there) { end(.success(response)) })
                    })
            case .refused(let after): events.append(time.after(after) { end(.failure(Failure(code: .connectFailed))) })
            case .swallowed: break
            // It arrives whether or not anybody still waits.
            case .carriedInSilence(let there): time.after(there) { [world] in _ = world.answer(call) }
            case .cutOff(let there, let after):
                time.after(there) { [world] in _ = world.answer(call) }
                events.append(time.after(after) { end(.failure(Failure(code: .connectionLost))) })
            }
        }
        for event in events { time.cancel(event) }
        switch outcome {
        case .success(let response)?: return response
        case .failure(let failure)?: throw Self.error(failure.code, call)
        case nil: throw Self.error(.cancelled, call)
        }
    }

    private struct Failure: Error {
        var code: HTTPTransportError.Code
    }

    private static func error(_ code: HTTPTransportError.Code, _ call: ServiceCall) -> HTTPTransportError {
        HTTPTransportError(
            code: code, activity: "\(call.service) \(call.operation)", reason: "simulated: \(code)",
            requestMayHaveBeenSent: code != .connectFailed)
    }
}
