internal import HTTPTransport

extension AWSClient {
    /// The credentials of the configuration, renewed where it is time.
    package func currentCredentials(deadline: ContinuousClock.Instant) async throws(AWSError) -> AWSCredentials {
        switch configuration.credentials {
        case .fixed(let credentials): return credentials
        case .missing(let error): throw error
        case .role, .container:
            let hooks = hooks
            return try await state.credentials.credentials(
                now: { self.correctedTime() }, isOver: { hooks.now() >= deadline },
                renew: {
                    do throws(AWSError) {
                        return .success(
                            try await self.obtainCredentials(self.configuration.credentials, deadline: deadline))
                    } catch {
                        return .failure(error)
                    }
                })
        }
    }

    /// Carries a plan out, whatever is cached.
    private func obtainCredentials(
        _ plan: CredentialPlan, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> AWSCredentials {
        switch plan {
        case .fixed(let credentials): return credentials
        case .missing(let error): throw error
        case .container(let endpoint): return try await containerCredentials(endpoint, deadline: deadline)
        case .role(let role, let source):
            // Plans are as deep as profiles are chained, and a circle has been refused.
            let credentials = try await obtainCredentials(source, deadline: deadline)
            let sessionName = role.sessionName ?? "global-promoter-\(hooks.wallClock().secondsSince1970)"
            do throws(AWSError) {
                return try await STS(self, region: role.region).assumeRole(
                    arn: role.arn, sessionName: sessionName, externalID: role.externalID,
                    durationSeconds: role.durationSeconds, with: credentials, deadline: deadline
                ).from(source: "the role \(role.arn) of the profile \(role.profile)")
            } catch {
                var error = error
                error.message =
                    "the role \(role.arn) of the profile \(role.profile) cannot be assumed: \(error.message)"
                throw error
            }
        }
    }

    /// Asks up to three times, two seconds each, as the SDKs do.
    private func containerCredentials(
        _ endpoint: ContainerEndpoint, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> AWSCredentials {
        var attempt = 1
        while true {
            let failure: AWSError
            do throws(AWSError) {
                return try await askOnce(endpoint, deadline: deadline)
            } catch {
                failure = error
            }
            let reason = RetryPolicy.reason(for: failure, isRepeatable: true, clockIsOff: false)
            guard let reason, attempt < 3 else { throw failure }
            let delay = RetryPolicy.delay(
                after: attempt, reason: reason, random: hooks.random(), retryAfterMilliseconds: nil)
            guard hooks.now() + delay < deadline else { throw failure }
            do { try await hooks.sleep(delay) } catch { throw failure }
            attempt += 1
        }
    }

    private func askOnce(
        _ endpoint: ContainerEndpoint, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> AWSCredentials {
        let request = try endpoint.request(readFile: configuration.readFile)
        let now = hooks.now()
        guard now < deadline else {
            throw AWSError(.deadlineExceeded, "the deadline had passed before credentials could be asked for")
        }
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await executor.execute(request, deadline: min(now + .seconds(2), deadline))
        } catch {
            throw AWSError(
                hooks.now() >= deadline ? .deadlineExceeded : .noAnswer,
                "the container endpoint \(endpoint.url.text) does not answer: \(AWSError.printable(error.reason))",
                underlying: error)
        }
        return try endpoint.credentials(from: response)
    }
}

extension AWSCredentials {
    /// The same credentials with another word for where they come from.
    func from(source: String) -> AWSCredentials {
        var copy = self
        copy.source = source
        return copy
    }
}
