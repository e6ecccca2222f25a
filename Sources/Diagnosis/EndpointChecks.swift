internal import AWSClient
internal import Functions

/// An endpoint of AWS that the functions use, and how long the way there is.
struct EndpointReading: Sendable {
    struct Times: Sendable, Equatable {
        /// With name look-up, TCP and TLS.
        var first: Duration
        /// Of several over a connection that is there already.
        var best: Duration
    }

    var service: AWSService
    var region: String
    var times: Result<Times, AWSError>

    /// Asks the endpoint for nothing in particular: whatever it answers, it was reached.
    ///
    /// - Parameter now: what the times are taken with.
    static func take(
        _ service: AWSService, region: String, client: AWSClient, deadline: ContinuousClock.Instant,
        now: () -> ContinuousClock.Instant = { .now }
    ) async -> EndpointReading {
        do throws(AWSError) {
            let first = try await time(service, region, client, isFirst: true, deadline, now)
            var best = Duration.seconds(3600)
            do throws(AWSError) {
                for _ in 0..<repetitions {
                    best = min(best, try await time(service, region, client, isFirst: false, deadline, now))
                }
            } catch {
                // It was reached, however slow the way there is.
            }
            return EndpointReading(
                service: service, region: region, times: .success(Times(first: first, best: min(first, best))))
        } catch { return EndpointReading(service: service, region: region, times: .failure(error)) }
    }

    private static let repetitions = 3

    /// The path that AWS's endpoints answer for whoever asks, without counting it as a request of the service. Route 53
    /// allows five of those a second for the whole account.
    private static let path = ["ping"]
    /// Of nobody: it shall be measured whatever the credentials are.
    private static let credentials = AWSCredentials(
        accessKeyID: "AKIANOBODYNOBODYNOBO", secretAccessKey: Secret("none"), source: "promoter doctor")

    private static func time(
        _ service: AWSService, _ region: String, _ client: AWSClient, isFirst: Bool,
        _ deadline: ContinuousClock.Instant,
        _ now: () -> ContinuousClock.Instant
    ) async throws(AWSError) -> Duration {
        var call = AWSCall.restXML(service, region: region, operation: "ping", path: path)
        // That gives it a connection of its own.
        call.isRepeatable = !isFirst
        let start = now()
        do throws(AWSError) {
            try await client.xml(call, root: "ping", deadline: deadline, credentials: credentials) { _ in }
        } catch {
            guard error.status != nil else { throw error }
        }
        return now() - start
    }
}

extension Finding {
    /// A check that takes longer than this comes late, and a promotion takes several calls.
    private static let slow = Duration.seconds(1)

    static func endpoint(_ reading: EndpointReading) -> Finding {
        let name = reading.service.name + (reading.service.global == nil ? " in \(reading.region)" : "")
        switch reading.times {
        case .success(let times):
            let text =
                "\(name) answers in \(milliseconds(times.best)),"
                + " over a new connection in \(milliseconds(times.first))"
            guard times.best > slow else { return .good(.endpoint, .reachable, text) }
            return .warning(
                .endpoint, .slow, text,
                "Look for what is between here and AWS: a proxy, a VPN, a NAT that is too small.")
        case .failure(let error) where error.isTimeout:
            return .wrong(
                .endpoint, .unreachable, "\(name) does not answer in time: \(clause(error))",
                "Something on the way drops packets: look at the routes to a NAT gateway or an interface endpoint, the"
                    + " security groups and network ACLs; or give --timeout more than it has.")
        case .failure(let error):
            return .wrong(
                .endpoint, .unreachable, "\(name) cannot be reached: \(clause(error))",
                error.remedy
                    ?? "Give this network a way there: a NAT gateway or an interface endpoint, the security group, DNS."
            )
        }
    }

    static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return microseconds < 10_000
            ? "\(microseconds / 1000).\(microseconds % 1000 / 100) ms" : "\(microseconds / 1000) ms"
    }
}
