package import AWSClient
internal import JSON

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

        let entries = Self.entries(&reader, readFile)
        watches = []
        if let entries {
            for entry in entries {
                var own = reader.reader(for: entry)
                watches.append(WatchConfiguration(&own, name: entry.name))
                reader.adopt(own.problems)
            }
            let compared = zip(entries, watches).filter { $0.0.isWellFormed }
            Self.refuseSameNames(compared, &reader)
            Self.refuseSameDatastores(compared, &reader)
        } else if reader.problems.allSatisfy({ !$0.variable.hasPrefix("WATCHES") }) {
            watches = [WatchConfiguration(&reader, name: nil)]
        }
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }

    private enum Metrics: String, CaseIterable {
        case on
        case off
    }

    /// - Returns: nil where the environment itself is the one watch, and where the list cannot be read at all.
    private static func entries(_ reader: inout EnvironmentReader, _ readFile: FileReader) -> [WatchEntry]? {
        let variable: String
        let text: [UInt8]
        if let value = reader.value("WATCHES") {
            guard reader.value("WATCHES_FILE") == nil else {
                reader.refuse("WATCHES_FILE", "leave it out, or WATCHES: the watches are to be in one of them")
                return nil
            }
            (variable, text) = ("WATCHES", Array(value.utf8))
        } else if let path = reader.value("WATCHES_FILE") {
            variable = "WATCHES_FILE"
            switch readFile(path) {
            case .bytes(let bytes): text = bytes
            case .missing:
                reader.refuse(
                    variable, "set it to the path of a file with the JSON list of watches; there is none of this name")
                return nil
            case .unreadable(let why):
                reader.refuse(variable, "make the file readable (\(why))")
                return nil
            }
        } else {
            return nil
        }
        return read(text, of: variable, &reader)
    }

    private static func read(_ text: [UInt8], of variable: String, _ reader: inout EnvironmentReader) -> [WatchEntry]? {
        do throws(JSONError) {
            let elements = try JSONReader(JSONValue(parsing: text), path: variable).array()
            guard (1...maximumWatches).contains(elements.count) else {
                reader.refuse(
                    variable, "give it 1 to \(maximumWatches) watches, not \(elements.count)", showsValue: false)
                return nil
            }
            var entries: [WatchEntry] = []
            for element in elements {
                var problems: [JSONError] = []
                let entry = WatchEntry(element, &problems)
                for problem in problems { reader.refuse(problem.path, problem.reason, showsValue: false) }
                if let entry { entries.append(entry) }
            }
            return entries
        } catch {
            reader.refuse(
                variable,
                #"make it a JSON list of watches, such as [{"dnsName":"app.example.com","globalDatastoreId":"ldgnf-app"}]"#
                    + " (\(error))", showsValue: false)
            return nil
        }
    }

    /// Metrics, notifications and orders go by the name.
    private static func refuseSameNames(
        _ watches: [(entry: WatchEntry, watch: WatchConfiguration)], _ reader: inout EnvironmentReader
    ) {
        var places: [String: String] = [:]
        for (entry, watch) in watches where !watch.name.isEmpty {
            if let earlier = places[watch.name] {
                reader.refuse(
                    "\(entry.path).name", value: watch.name,
                    "give it a name of its own: \(earlier) is called so, too, or has this record and no name")
            } else {
                places[watch.name] = entry.path
            }
        }
    }

    /// A datastore follows one name. Of two that point to different regions each would have its promotion, for ever in
    /// turn; and of two watches of one name neither knows what the other has asked for.
    private static func refuseSameDatastores(
        _ watches: [(entry: WatchEntry, watch: WatchConfiguration)], _ reader: inout EnvironmentReader
    ) {
        var earlier: [String: (path: String, dnsName: String)] = [:]
        for (entry, watch) in watches where !watch.globalDatastoreID.isEmpty && !watch.dnsName.isEmpty {
            let id = watch.globalDatastoreID.lowercased()
            guard let other = earlier[id] else {
                earlier[id] = (entry.path, watch.dnsName)
                continue
            }
            let names =
                other.dnsName == watch.dnsName
                ? "by the same name, \(watch.dnsName)" : "by \(other.dnsName), and here it is \(watch.dnsName)"
            reader.refuse(
                "\(entry.path).globalDatastoreId", value: watch.globalDatastoreID,
                "\(other.path) watches this datastore already, \(names): a datastore follows one name; take one of the"
                    + " two out, or give it a datastore of its own")
        }
    }

    private static func isParameterName(_ name: String) -> Bool {
        // `-history` is added to it; a name may have 1,011 characters.
        let isFit = (1...1003).contains(name.utf8.count)
        let isPlain = name.utf8.allSatisfy { isLetterOrDigit($0) || "_.-/".utf8.contains($0) }
        return isFit && isPlain && (name.hasPrefix("/") || !name.contains("/")) && !name.hasSuffix("/")
    }
}
