internal import AWSClient
internal import JSON
internal import NameResolution

/// The variables that are JSON objects. All that is wrong in one is said at once, each thing with its place.
extension EnvironmentReader {
    /// More of them nobody reads at once, and a list of targets can be long.
    private static let shownFlaws = 10

    /// `RECORD_TARGETS`: a JSON object from region to host names or addresses.
    mutating func targets(_ variable: String) -> [String: [String]] {
        let ownRegion = functionValue("AWS_REGION")
        var targets: [String: [String]] = [:]
        let example = #"{"us-east-1":["app-1.us-east-1.elb.amazonaws.com"]}"#
        readMembers(
            of: variable, isNeeded: true,
            "set it to a JSON object from region to the targets of its records, such as \(example)"
        ) { region, reader, flaws in
            if let flaw = Self.regionFlaw(region, ownRegion) { flaws.append(reader.error(flaw)) }
            do throws(JSONError) {
                let elements = if case .string = reader.value { [reader] } else { try reader.array() }
                guard !elements.isEmpty else { throw reader.error("names no target") }
                for element in elements {
                    do throws(JSONError) {
                        targets[region, default: []].append(try Self.target(element))
                    } catch { flaws.append(error) }
                }
            } catch { flaws.append(error) }
        }
        return targets
    }

    /// `RECORD_REGIONS`: a JSON object from set identifier to region.
    mutating func regions(_ variable: String) -> [String: String] {
        let ownRegion = functionValue("AWS_REGION")
        var regions: [String: String] = [:]
        readMembers(
            of: variable, isNeeded: false,
            #"set it to a JSON object from set identifier to region, such as {"blue":"us-east-1"}"#
        ) { identifier, reader, flaws in
            do throws(JSONError) {
                let region = try reader.string()
                if let flaw = Self.regionFlaw(region, ownRegion) { throw reader.error(flaw) }
                regions[identifier] = region
            } catch { flaws.append(error) }
        }
        return regions
    }

    /// `METRIC_DIMENSIONS`: a JSON object from name to value, at most 30, as CloudWatch takes them.
    ///
    /// - Returns: in the order of the names.
    mutating func dimensions(_ variable: String) -> [Metric.Dimension] {
        var dimensions: [Metric.Dimension] = []
        readMembers(
            of: variable, isNeeded: false,
            #"set it to a JSON object from name to value, such as {"Cluster":"sessions"}"#
        ) { name, reader, flaws in
            do throws(JSONError) {
                let value = try reader.string()
                for text in [name, value] where !Self.fitsDimension(text) {
                    throw reader.error(
                        "name and value must have 1 to 255 printable ASCII characters, and none is a colon at the beginning"
                    )
                }
                guard dimensions.count < 30 else { throw reader.error("is one too many: a metric has 30 at most") }
                dimensions.append(.init(name: name, value: value))
            } catch { flaws.append(error) }
        }
        return dimensions.sorted { $0.name < $1.name }
    }

    private static func fitsDimension(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && !text.hasPrefix(":") && !text.utf8.allSatisfy { $0 == 0x20 }
    }

    private static func target(_ reader: JSONReader) throws(JSONError) -> String {
        let target = try reader.string()
        guard isHostName(target) || IPAddress(target) != nil else {
            throw reader.error("\(target.debugDescription) is neither a host name nor an address")
        }
        return target
    }

    /// The region that this runs in is one, whatever it is called.
    private static func regionFlaw(_ region: String, _ ownRegion: String?) -> String? {
        region == ownRegion ? nil : flaw(inRegionName: region)
    }

    /// - Parameters:
    ///   - isNeeded: an object without members is wrong.
    ///   - remedy: what the variable has to be, in words.
    ///   - read: gets each member, and adds what is wrong with it.
    private mutating func readMembers(
        of variable: String, isNeeded: Bool, _ remedy: String,
        _ read: (_ name: String, _ reader: JSONReader, _ flaws: inout [JSONError]) -> Void
    ) {
        guard let text = value(variable) else { return }
        var flaws: [JSONError] = []
        do throws(JSONError) {
            let reader = try JSONReader(JSONValue(parsing: text.utf8), path: place(of: variable))
            let members = try reader.members()
            if isNeeded, members.isEmpty { throw reader.error("names no region") }
            for (name, reader) in members { read(name, reader, &flaws) }
        } catch { flaws.append(error) }
        guard !flaws.isEmpty else { return }
        let rest = flaws.count > Self.shownFlaws ? ["and \(flaws.count - Self.shownFlaws) more"] : []
        let shown = (flaws.prefix(Self.shownFlaws).map(\.description) + rest).joined(separator: "; ")
        refuse(variable, "\(remedy) (\(shown))")
    }
}
