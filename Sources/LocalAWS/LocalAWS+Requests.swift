import Foundation

/// A request's way through the emulator.
extension LocalAWS {
    func handle(_ request: LocalHTTPRequest) async -> LocalHTTPReply {
        if request.path == "/_local" || request.path.hasPrefix("/_local/") {
            return await ControlAPI(aws: self).handle(request)
        }
        guard let service = service(for: request) else {
            return .text(404, "local-aws: there is no service for \(request.method) \(request.path) here\n")
        }
        return await Passage(aws: self, service: service, request: request).reply()
    }

    private func service(for request: LocalHTTPRequest) -> (any LocalService)? {
        if let scope = SignatureVerifier.scope(of: request),
            let service = services.first(where: { $0.name == scope.service })
        {
            return service
        }
        // Without a readable signature there is still something to refuse in the service's own way.
        return services.first { $0.recognizes(request) }
    }
}

/// One request, from its arrival to its answer.
private struct Passage {
    let aws: LocalAWS
    let service: any LocalService
    let request: LocalHTTPRequest
    let requestID = UUID().uuidString.lowercased()

    /// What a request comes to, before the connection suffers its fault.
    private struct Outcome {
        var status: Int
        var errorCode: String?
        var headers: [String: String] = [:]
        var body: String

        var isSuccess: Bool { (200..<300).contains(status) }
    }

    func reply() async -> LocalHTTPReply {
        let arrived = aws.clock.now
        let scope = SignatureVerifier.scope(of: request)
        let region = scope?.region ?? ""
        let (operation, parameters) = service.describe(request)
        let verdict = aws.faults.verdict(service: service.name, operation: operation, region: region)
        func record(_ outcome: Outcome?, carriedOut: Bool = false) {
            let recorded = aws.log.record { number in
                RecordedRequest(
                    number: number, time: arrived, service: service.name, operation: operation, region: region,
                    accessKeyID: scope?.accessKeyID, parameters: parameters, headers: request.headers,
                    status: outcome?.status, errorCode: outcome?.errorCode, isCarriedOut: carriedOut, fault: verdict.id
                )
            }
            aws.events.publish(.requestServed(recorded))
        }
        if verdict.latency > .zero { try? await Task.sleep(for: verdict.latency) }
        switch verdict.effect {
        case .hang:
            // Logged first: nobody could wait for it otherwise.
            record(nil)
            if let id = verdict.id { await aws.faults.hang(on: id) }
            return .drop
        case .drop:
            record(nil)
            return .drop
        case .error(let status, let code, let message):
            var outcome = failed(AWSFailure(status, code, message))
            outcome.headers.merge(verdict.headers) { $1 }
            record(outcome)
            return answer(outcome)
        case .raw(let status, let contentType, let body):
            record(Outcome(status: status, body: body))
            let headers = verdict.headers.merging(["Content-Type": contentType]) { $1 }
            return .respond(status: status, headers: headers, body: Data(body.utf8))
        case .dropAfterwards:
            record(nil, carriedOut: perform(operation, parameters, region).isSuccess)
            return .drop
        case .halfAnAnswer:
            var outcome = perform(operation, parameters, region)
            record(outcome, carriedOut: outcome.isSuccess)
            outcome.body = String(outcome.body.prefix(outcome.body.count / 2))
            outcome.headers.merge(verdict.headers) { $1 }
            return answer(outcome)
        case .stale(let age):
            let outcome = perform(operation, parameters, region, age: age)
            record(outcome, carriedOut: outcome.isSuccess)
            return answer(outcome)
        case .latency, .notification, nil:
            let outcome = perform(operation, parameters, region)
            record(outcome, carriedOut: outcome.isSuccess)
            return answer(outcome)
        }
    }

    private func perform(
        _ operation: String, _ parameters: [String: String], _ region: String, age: Duration = .zero
    ) -> Outcome {
        do {
            let caller = try authenticate()
            let answer = try service.perform(
                ServiceCall(
                    operation: operation, region: region, parameters: parameters, request: request, caller: caller,
                    requestID: requestID, age: age
                )
            )
            return Outcome(status: answer.status, headers: answer.headers, body: answer.body)
        } catch let failure as AWSFailure {
            return failed(failure)
        } catch {
            return failed(AWSFailure(500, "InternalFailure", "local-aws: \(error.localizedDescription)"))
        }
    }

    private func authenticate() throws(AWSFailure) -> LocalCredentials {
        let verifier = SignatureVerifier(credentials: aws.credentials, now: { aws.skewedNow })
        do throws(AWSFailure) {
            let caller = try verifier.verify(request)
            guard SignatureVerifier.scope(of: request)?.service == service.name else {
                throw AWSFailure(
                    403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: '\(service.name)'."
                )
            }
            return caller
        } catch {
            throw service.refusal(of: error, on: request)
        }
    }

    private func failed(_ failure: AWSFailure) -> Outcome {
        let answer = service.answer(for: failure, to: request, requestID: requestID)
        return Outcome(status: answer.status, errorCode: failure.code, headers: answer.headers, body: answer.body)
    }

    private func answer(_ outcome: Outcome) -> LocalHTTPReply {
        let headers = [
            "Content-Type": "text/xml",
            "Date": AWSDate.http(aws.skewedNow),
            "x-amzn-RequestId": requestID,
        ]
        return .respond(
            status: outcome.status, headers: headers.merging(outcome.headers) { $1 }, body: Data(outcome.body.utf8)
        )
    }
}
