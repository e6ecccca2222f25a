internal import HTTPTransport
internal import HealthProbe
internal import Promotion

extension ProbeConfiguration {
    /// What it probes, and how: for the start-up line.
    var words: String {
        let often = interval.map { "every \($0.inWords)" } ?? "once an invocation"
        guard let first = probes.first, probes.count == 1 else { return "probes \(probes.count) endpoints \(often)" }
        let endpoint = first.target.endpoint
        return "probes \(endpoint.host):\(endpoint.port) \(endpoint.tls == nil ? "without TLS" : "over TLS") \(often)"
    }
}
