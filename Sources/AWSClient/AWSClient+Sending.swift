internal import HTTPTransport
internal import Synchronization

extension AWSClient {
    typealias Reader<Value> = (HTTPResponse, AnswerReader) throws(AWSError) -> Value

    /// What is the same in all attempts of a call.
    private struct Plan {
        var call: AWSCall
        var endpoint: Endpoint
        var request: HTTPRequest
        var bodyHash: String
        var deadline: ContinuousClock.Instant
        var credentials: AWSCredentials?
    }

    private struct Progress {
        var attempts = 0
        var status: Int?
        var clockCorrected = false
        var lastCost: Int?
    }

    /// Makes a call with all the attempts that it may have, and reports it.
    func send<Value: Sendable>(
        _ call: AWSCall, deadline: ContinuousClock.Instant, credentials: AWSCredentials?, read: Reader<Value>
    ) async throws(AWSError) -> Value {
        let plan = try plan(call, deadline: deadline, credentials: credentials)
        let start = hooks.now()
        var progress = Progress()
        do throws(AWSError) {
            let value = try await attempts(plan, &progress, read: read)
            report(plan, progress, since: start, error: nil)
            return value
        } catch {
            var error = error
            // None of our own: then it is the error of a call for credentials, with its own number.
            if progress.attempts > 0 { error.attempts = progress.attempts }
            report(plan, progress, since: start, error: error)
            throw error
        }
    }

    private func attempts<Value: Sendable>(
        _ plan: Plan, _ progress: inout Progress, read: Reader<Value>
    ) async throws(AWSError) -> Value {
        while true {
            // Not part of the attempt: why there are none is no reason to send again what was not sent.
            let credentials: AWSCredentials
            if let given = plan.credentials {
                credentials = given
            } else {
                credentials = try await currentCredentials(deadline: plan.deadline)
            }
            let failure: AWSError
            do throws(AWSError) {
                let value = try await attempt(plan, credentials, &progress, read: read)
                state.quota.withLock { $0.giveBack(progress.lastCost) }
                return value
            } catch {
                failure = error
            }
            let clockIsOff = correctClock(by: failure.serverDate, awsCode: failure.awsCode, &progress)
            let reason = RetryPolicy.reason(
                for: failure, isRepeatable: plan.call.isRepeatable, clockIsOff: clockIsOff)
            guard let reason, progress.attempts < configuration.maximumAttempts else { throw failure }
            let delay = RetryPolicy.delay(
                after: progress.attempts, reason: reason, random: hooks.random(),
                retryAfterMilliseconds: failure.retryAfterMilliseconds)
            // An attempt that begins at the deadline could only lose the better error of this one.
            guard hooks.now() + delay < plan.deadline,
                let cost = state.quota.withLock({ $0.take(for: reason) })
            else { throw failure }
            progress.lastCost = cost
            if delay > .zero {
                do { try await hooks.sleep(delay) } catch {
                    var cancelled = failure
                    cancelled.code = .cancelled
                    throw cancelled
                }
            }
        }
    }

    private func attempt<Value: Sendable>(
        _ plan: Plan, _ credentials: AWSCredentials, _ progress: inout Progress, read: Reader<Value>
    ) async throws(AWSError) -> Value {
        let now = hooks.now()
        guard now < plan.deadline else { throw deadlinePassed(plan) }
        progress.attempts += 1
        progress.status = nil
        var request = plan.request
        request.headers.replace(
            "amz-sdk-request", with: "attempt=\(progress.attempts); max=\(configuration.maximumAttempts)")
        try SignatureV4(
            credentials: credentials, region: plan.endpoint.signingRegion, service: plan.call.service.signingName
        ).sign(&request, at: correctedTime(), bodyHash: plan.bodyHash, keys: state.signingKeys)

        let reader = AnswerReader(call: plan.call, host: plan.endpoint.url.authority, credentials: credentials)
        do throws(AWSError) {
            let timeout = plan.call.attemptTimeout ?? configuration.attemptTimeout
            let response: HTTPResponse
            do throws(HTTPTransportError) {
                response = try await executor.execute(request, deadline: min(now + timeout, plan.deadline))
            } catch {
                throw reader.noAnswer(error, isOver: hooks.now() >= plan.deadline)
            }
            progress.status = response.status
            return try read(response, reader)
        } catch {
            var error = error
            if !plan.call.isRepeatable { error.outcomeIsUnknown = RetryPolicy.outcomeIsUnknown(error) }
            if let awsCode = error.awsCode, awsCode.hasPrefix("ExpiredToken") {
                state.credentials.forget(accessKeyID: credentials.accessKeyID)
            }
            throw error
        }
    }

    private func plan(
        _ call: AWSCall, deadline: ContinuousClock.Instant, credentials: AWSCredentials?
    ) throws(AWSError) -> Plan {
        let region: String
        if let given = call.region {
            region = given
        } else if call.service.global != nil, configuration.region == nil {
            region = AWSPartition.commercial.globalRegion
        } else {
            region = try configuration.requireRegion()
        }
        let endpoint = try configuration.endpoints.endpoint(for: call.service, region: region)
        var url = endpoint.url
        let base = url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path
        url.path = base + call.path
        url.query = call.query
        var request = HTTPRequest(method: call.method, url: url.text, headers: call.headers, body: call.body)
        request.needsFreshConnection = !call.isRepeatable
        request.headers.replace("User-Agent", with: configuration.userAgent)
        request.headers.replace("amz-sdk-invocation-id", with: InvocationID.make())
        if let trace = hooks.traceID(), !trace.isEmpty { request.headers.replace("X-Amzn-Trace-Id", with: trace) }
        let bodyHash = call.body.isEmpty ? SignatureV4.hashOfEmptyBody : try SHA256.hexadecimalHash(call.body)
        return Plan(
            call: call, endpoint: endpoint, request: request, bodyHash: bodyHash, deadline: deadline,
            credentials: credentials)
    }

    /// Takes the time of the server over, where that may be why it refused. At most once a call: if it
    /// refuses still, the clock was not the reason.
    private func correctClock(by date: Timestamp?, awsCode: String?, _ progress: inout Progress) -> Bool {
        guard let date, !progress.clockCorrected, let awsCode, RetryPolicy.mayBeClockSkew(awsCode) else { return false }
        let difference = date.seconds(since: correctedTime())
        guard difference.magnitude > RetryPolicy.clockToleranceSeconds.magnitude else { return false }
        let offset = date.seconds(since: hooks.wallClock())
        state.clockOffset.withLock { $0 = offset }
        progress.clockCorrected = true
        return true
    }

    private func deadlinePassed(_ plan: Plan) -> AWSError {
        var error = AWSError(.deadlineExceeded, "the deadline had passed before the request could be sent")
        error.activity = "\(plan.call.service.name) \(plan.call.operation)"
        error.host = plan.endpoint.url.authority
        return error
    }

    private func report(_ plan: Plan, _ progress: Progress, since start: ContinuousClock.Instant, error: AWSError?) {
        guard let onCall, progress.attempts > 0 else { return }
        onCall(
            AWSCallRecord(
                service: plan.call.service.actionPrefix, operation: plan.call.operation,
                host: plan.endpoint.url.authority, attempts: progress.attempts, status: progress.status,
                succeeded: error == nil, awsCode: error?.awsCode, duration: hooks.now() - start))
    }
}
