internal import HTTPTransport
package import HealthProbe
package import JSON
internal import Promotion

/// The one place where results become words for people, and members for machines.
extension ProbeResult {
    /// A whole sentence.
    package var sentence: String {
        let place = "\(target.endpoint.host):\(target.endpoint.port)"
        let subject = target.name == place ? place : "\(target.name) (\(place))"
        guard let failure else {
            let note = isReadOnly ? ", and read-only, which counts as healthy here" : ""
            return "\(subject) is healthy\(note): it took \(duration.tenthsInWords) ms"
        }
        return "\(subject) is unhealthy: \(failure.words(of: target))"
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("probe", .string(target.name)),
            .init("endpoint", .string("\(target.endpoint.host):\(target.endpoint.port)")),
            .init("healthy", .bool(isHealthy)),
        ]
        if let failure {
            members += [
                .init("reason", .string(failure.reason.rawValue)), .init("step", .string(failure.step.rawValue)),
            ]
            if let code = failure.code { members.append(.init("code", .string(code))) }
        }
        if isReadOnly { members.append(.init("readOnly", true)) }
        members += [.init("message", .string(sentence)), .init("durationMs", .real(duration.milliseconds))]
        return .object(members)
    }
}

extension ProbeFailure {
    func words(of target: ProbeTarget) -> String {
        if case .postgres(let settings) = target.server { return postgresWords(of: target, settings) }
        guard code != "NOPERM" else {
            return
                "its user may not do all that a probe does, which is +ping +set +get (+role with EXPECT_ROLE, +asking in"
                + " cluster mode) on ~promoter:probe:*: \(detail)"
        }
        return switch reason {
        case .resolve: "\(target.endpoint.host) has no address (\(detail)); see REDIS_HOST"
        case .connect: "no connection: \(detail)"
        case .tls:
            "the TLS handshake failed: \(detail) (a name of your own needs REDIS_TLS_SERVER_NAME, an authority of your own"
                + " REDIS_CA_BUNDLE, a server without TLS REDIS_TLS=false)"
        case .auth where step == .secret: "the password could not be had: \(detail)"
        case .auth:
            code == "NOAUTH"
                ? "it wants a password, and has got none: set REDIS_SECRET_ARN (\(detail))"
                : "it refused the login: \(detail)"
        case .ping:
            code == nil && target.endpoint.tls == nil
                ? "PING failed: \(detail) (does it speak TLS? then take REDIS_TLS=false out)" : "PING failed: \(detail)"
        case .write: "a value could not be written: \(detail)"
        case .read: "a value could not be read: \(detail)"
        case .mismatch: "what was read is not what was written: \(detail)"
        case .role: code == nil ? "it has not the role that is expected: \(detail)" : "ROLE failed: \(detail)"
        case .timeout: timeoutWords(target)
        }
    }

    private func timeoutWords(_ target: ProbeTarget) -> String {
        switch step {
        case .secret:
            "Secrets Manager did not answer: in a VPC it takes an endpoint secretsmanager, or a NAT gateway (\(detail))"
        case .resolve: "the name servers did not answer for \(target.endpoint.host) in \(target.connectTimeout.inWords)"
        case .connect:
            "no connection in \(target.connectTimeout.inWords): do the security groups let this function in, and is it in"
                + " the VPC?"
        case .tls:
            "the TLS handshake was not answered in \(target.connectTimeout.inWords): it hangs, or speaks no TLS"
                + " (REDIS_TLS=false)"
        case .auth: "the login was not answered in \(target.readTimeout.inWords)"
        case .ping: "PING was not answered in \(target.readTimeout.inWords)"
        case .write: "the writing of a value was not answered in \(target.readTimeout.inWords)"
        case .read: "the reading of a value was not answered in \(target.readTimeout.inWords)"
        case .role: "ROLE was not answered in \(target.readTimeout.inWords)"
        }
    }
}

extension ProbeSummary {
    var json: JSONValue {
        var members = [JSONValue.Member("status", .integer(isHealthy ? 1 : 0))]
        if probes > 1 {
            members += [.init("probes", .integer(Int64(probes))), .init("failures", .integer(Int64(failures)))]
        }
        return last.json.adding(members)
    }
}

extension Duration {
    /// Milliseconds with one decimal.
    fileprivate var tenthsInWords: String {
        let tenths = components.seconds * 10_000 + components.attoseconds / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
