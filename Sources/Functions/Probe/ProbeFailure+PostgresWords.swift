internal import HTTPTransport
internal import HealthProbe
internal import Promotion

/// What is wrong with a PostgreSQL endpoint, and what can be done about it.
extension ProbeFailure {
    func postgresWords(of target: ProbeTarget, _ settings: ProbeTarget.Postgres) -> String {
        let said = code.map { "\(detail), SQLSTATE \($0)" } ?? detail
        return switch (reason, code) {
        case (.timeout, _): timeoutWords(target)
        case (.resolve, _): "\(target.endpoint.host) has no address (\(detail)); see POSTGRES_HOST"
        case (.tls, _):
            "TLS failed: \(detail) (a name of your own needs POSTGRES_TLS_SERVER_NAME; the authorities of RDS are not"
                + " those of the system and need POSTGRES_CA_BUNDLE; a server without TLS POSTGRES_TLS_MODE=disable)"
        case (.auth, _) where step == .secret: "the login could not be had: \(detail)"
        case (.auth, _): "it refused the login: \(said)"
        case (_, "3D000"?): "there is no such database, see POSTGRES_DATABASE: \(said)"
        case (_, "53300"?): "it has no connection to spare: \(said)"
        case (_, "57P03"?): "it does not take connections yet: \(said)"
        case (.connect, _): step == .auth ? "it did not let the probe in: \(said)" : "no connection: \(said)"
        case (.write, "25006"?): "it takes no writes: \(said)"
        case (.write, "42501"?):
            "its user may not do what a probe does (\(said)): let it update promoter_probe and read it, or create it in"
                + " its schema, or set POSTGRES_PROBE=read"
        case (.write, "53100"?): "its disk is full: \(said)"
        case (.write, "55P03"?): "somebody else holds the table promoter_probe, or its row: \(said)"
        case (.write, _): "a value could not be written: \(said)"
        case (.read, _), (.ping, _): "it could not be read from: \(said)"
        case (.mismatch, _): "what came back is not what was written: \(said)"
        case (.role, _): "it has not the role that is expected: \(said)"
        }
    }

    private func timeoutWords(_ target: ProbeTarget) -> String {
        let (connect, read) = (target.connectTimeout.inWords, target.readTimeout.inWords)
        return switch step {
        case .secret:
            "Secrets Manager did not answer: in a VPC it takes an endpoint secretsmanager, or a NAT gateway (\(detail))"
        case .resolve: "the name servers did not answer for \(target.endpoint.host) in \(connect)"
        case .connect:
            "no connection in \(connect): do the security groups let this function in, and is it in the VPC?"
        case .tls: "the TLS handshake was not answered in \(connect): it hangs"
        case .auth: "the login was not answered in \(read)"
        case .write: "the writing of a value was not answered in \(read)"
        case .read, .ping, .role: "a question was not answered in \(read)"
        }
    }
}
