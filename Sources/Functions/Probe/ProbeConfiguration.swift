package import AWSClient
internal import HealthProbe

/// What the handler `probe` is told by its environment.
package struct ProbeConfiguration: Sendable, Equatable {
    /// One, or those of `PROBES`, with names and dimensions that differ.
    package var probes: [ProbeSettings]
    /// `PROBE_INTERVAL_SECONDS`; nil for 0, which is one probe an invocation.
    package var interval: Duration?
    /// `METRIC_NAMESPACE`
    package var namespace: String
    /// `METRIC_RESOLUTION`: the seconds that CloudWatch keeps apart, 1 or 60. Route 53 follows only metrics of 60.
    package var resolution: Int

    package static let maximumProbes = 500

    private static let probeList = ListVariable(
        name: "PROBES", file: "PROBES_FILE", schema: .probe, maximum: maximumProbes, noun: "probes",
        example: #"[{"name":"sessions","redisHost":"master.sessions.abc123.use1.cache.amazonaws.com"}]"#)

    private enum Resolution: String, CaseIterable {
        case standard
        case high
    }

    /// - Throws: with everything that is wrong, not only the first.
    package init(environment: [String: String]) throws(ConfigurationError) {
        try self.init(environment: environment, readFile: FileContents.read)
    }

    /// - Parameter readFile: reads `PROBES_FILE`.
    package init(environment: [String: String], readFile: FileReader) throws(ConfigurationError) {
        var reader = EnvironmentReader(environment)
        let interval = reader.seconds("PROBE_INTERVAL_SECONDS", orZeroFrom: .seconds(1), upTo: 60) ?? .zero
        self.interval = interval == .zero ? nil : interval
        namespace = reader.value("METRIC_NAMESPACE") ?? "Custom/Redis"
        if !Self.isNamespace(namespace) {
            reader.refuse(
                "METRIC_NAMESPACE",
                "set it to 1 to 255 letters, digits and characters of ._-/#: that do not begin with AWS/ or a colon, such as Custom/Redis"
            )
        }
        resolution = reader.word("METRIC_RESOLUTION", of: Resolution.self, default: .standard) == .high ? 1 : 60

        probes = []
        if let entries = reader.entries(Self.probeList, readFile) {
            for entry in entries {
                var own = reader.reader(for: entry)
                probes.append(ProbeSettings(&own, name: entry.name, isOneOfMany: true))
                reader.adopt(own.problems)
            }
            let compared = zip(entries, probes).filter { $0.0.isWellFormed }
            reader.refuseSameNames(compared.map { ($0.0.path, $0.1.target.name) }, otherwise: "host and port")
            Self.refuseSameDimensions(compared, &reader)
        } else if reader.problems.allSatisfy({ !$0.variable.hasPrefix("PROBES") }) {
            probes = [ProbeSettings(&reader, name: nil, isOneOfMany: false)]
        }
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }

    /// What two of them publish as one metric says nothing about either.
    private static func refuseSameDimensions(
        _ probes: [(entry: ListEntry, probe: ProbeSettings)], _ reader: inout EnvironmentReader
    ) {
        var earlier: [[Metric.Dimension]: String] = [:]
        for (entry, probe) in probes {
            if let path = earlier[probe.dimensions] {
                reader.refuse(
                    "\(entry.path).dimensions", value: nil,
                    "give it dimensions of its own: those of \(path) are the same, and so would be their metric")
            } else {
                earlier[probe.dimensions] = entry.path
            }
        }
    }

    private static func isNamespace(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && !text.hasPrefix("AWS/") && !text.hasPrefix(":")
            && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-/#:".utf8.contains($0) }
    }
}
