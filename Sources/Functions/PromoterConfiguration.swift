package import AWSClient
internal import Failover
internal import JSON
internal import Promotion

/// What the functions are told by their environment.
package struct PromoterConfiguration: Sendable, Equatable {
    /// One, or those of `WATCHES` or `WATCHES_FILE`, with names that differ.
    package var watches: [WatchConfiguration]
    /// `PAUSE_PARAMETER`: the name of the parameter in Parameter Store by which operators pause promotions.
    package var pauseParameter: String?
    /// `METRICS`
    package var metricsAreOn: Bool

    package static let maximumWatches = 1000

    /// - Parameter readFile: reads `WATCHES_FILE`.
    /// - Throws: with everything that is wrong, not only the first.
    package init(environment: [String: String]) throws(ConfigurationError) {
        try self.init(environment: environment, readFile: FileContents.read)
    }

    package init(environment: [String: String], readFile: FileReader) throws(ConfigurationError) {
        var reader = EnvironmentReader(environment)
        pauseParameter = reader.value("PAUSE_PARAMETER")
        if let name = pauseParameter, !Self.isParameterName(name) {
            reader.refuse(
                "PAUSE_PARAMETER",
                "set it to the name of a parameter in Parameter Store, such as /promoter/sessions/pause")
        }
        metricsAreOn = reader.word("METRICS", of: Metrics.self, default: .on) == .on

        let entries = reader.entries(Self.watchList, readFile)
        watches = []
        if let entries {
            for entry in entries {
                var own = reader.reader(for: entry)
                watches.append(WatchConfiguration(&own, name: entry.name))
                reader.adopt(own.problems)
            }
            let compared = zip(entries, watches).filter { $0.0.isWellFormed }
            reader.refuseSameNames(compared.map { ($0.0.path, $0.1.name) }, otherwise: "record")
            Self.refuseSameGroups(compared, &reader)
            Self.refuseSameRecords(compared, &reader)
        } else if reader.problems.allSatisfy({ !$0.variable.hasPrefix("WATCHES") }) {
            watches = [WatchConfiguration(&reader, name: nil)]
        }
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }

    private static let watchList = ListVariable(
        name: "WATCHES", file: "WATCHES_FILE", schema: .watch, maximum: maximumWatches, noun: "watches",
        example: #"[{"dnsName":"app.example.com","globalDatastoreId":"ldgnf-app"}]"#)

    private enum Metrics: String, CaseIterable {
        case on
        case off
    }

    /// A group follows one name. Of two that point to different regions each would have its promotion, for ever in
    /// turn; and of two watches of one name neither knows what the other has asked for.
    private static func refuseSameGroups(
        _ watches: [(entry: ListEntry, watch: WatchConfiguration)], _ reader: inout EnvironmentReader
    ) {
        var earlier: [GlobalGroup.Kind: [String: (path: String, dnsName: String)]] = [:]
        for (entry, watch) in watches where !watch.dnsName.isEmpty {
            for group in watch.groups where !group.id.isEmpty {
                let id = group.id.lowercased()
                guard let other = earlier[group.kind]?[id] else {
                    earlier[group.kind, default: [:]][id] = (entry.path, watch.dnsName)
                    continue
                }
                let names =
                    other.dnsName == watch.dnsName
                    ? "by the same name, \(watch.dnsName)" : "by \(other.dnsName), and here it is \(watch.dnsName)"
                let noun = group.kind.noun
                reader.refuse(
                    "\(entry.path).\(group.kind.idKey)", value: group.id,
                    "\(other.path) watches this \(noun) already, \(names): a \(noun) follows one name; take one of the"
                        + " two out, or give it a \(noun) of its own")
            }
        }
    }

    /// Two of them would take the record from each other for ever.
    private static func refuseSameRecords(
        _ watches: [(entry: ListEntry, watch: WatchConfiguration)], _ reader: inout EnvironmentReader
    ) {
        var earlier: [String: String] = [:]
        for (entry, watch) in watches {
            for record in watch.records.flatMap(\.records) {
                // Of one watch that has it twice has been told.
                guard let other = earlier.updateValue(entry.path, forKey: record.name), other != entry.path else {
                    continue
                }
                reader.refuse(
                    "\(entry.path).\(entry.schema.member(for: record.variable))", value: record.name,
                    "give it a name of its own: \(other) has this one already, and a record follows one primary")
            }
        }
    }

    private static func isParameterName(_ name: String) -> Bool {
        // `-history` is added to it; a name may have 1,011 characters.
        let isFit = (1...1003).contains(name.utf8.count)
        let isPlain = name.utf8.allSatisfy { isLetterOrDigit($0) || "_.-/".utf8.contains($0) }
        return isFit && isPlain && (name.hasPrefix("/") || !name.contains("/")) && !name.hasSuffix("/")
    }
}
