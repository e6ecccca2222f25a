internal import AWSClient
internal import Functions
internal import JSON

/// As much of a configuration as can be checked where some of it is wrong: optional variables that are wrong are left
/// out, and so are watches of a list.
struct SalvagedConfiguration {
    /// nil where nothing is left.
    private(set) var configuration: PromoterConfiguration?
    /// Of the configuration as it was given.
    private(set) var problems: [ConfigurationError.Problem] = []
    /// Required variables that are wrong: what the configuration has for them means nothing.
    private(set) var unknown: Set<String> = []

    private static let placeholders = [
        "HOSTED_ZONE_ID": "Z0", "DNS_NAME": "unknown.invalid", "GLOBAL_DATASTORE_ID": "unknown",
        "GLOBAL_CLUSTER_ID": "unknown",
    ]
    /// Leaving one variable out can make another wrong, but not for long.
    private static let mostRounds = 5

    init(environment: [String: String], readFile: FileReader = FileContents.read) {
        var environment = environment
        for round in 0..<Self.mostRounds {
            do throws(ConfigurationError) {
                configuration = try PromoterConfiguration(environment: environment, readFile: readFile)
                return
            } catch {
                // Those of later rounds are of our own making.
                if round == 0 { problems = error.problems }
                var broken: Set<Int> = []
                for variable in error.problems.map(\.variable) {
                    if let index = Self.watchIndex(variable) {
                        broken.insert(index)
                    } else if let placeholder = Self.placeholders[variable] {
                        environment[variable] = placeholder
                        unknown.insert(variable)
                    } else {
                        environment[variable] = nil
                    }
                }
                if !broken.isEmpty { Self.remove(broken, from: &environment, readFile) }
            }
        }
    }

    /// The 3 of `WATCHES[3].dnsName`.
    private static func watchIndex(_ place: String) -> Int? {
        guard place.hasPrefix("WATCHES"), let start = place.firstIndex(of: "["), let end = place.firstIndex(of: "]"),
            start < end
        else { return nil }
        return Int(place[place.index(after: start)..<end])
    }

    private static func remove(_ broken: Set<Int>, from environment: inout [String: String], _ readFile: FileReader) {
        var text = Array((environment["WATCHES"] ?? "").utf8)
        if text.isEmpty, let path = environment["WATCHES_FILE"], case .bytes(let bytes) = readFile(path) {
            text = bytes
        }
        environment["WATCHES_FILE"] = nil
        guard let list = try? JSONValue(parsing: text), case .array(let watches) = list else {
            environment["WATCHES"] = nil
            return
        }
        let rest = watches.enumerated().filter { !broken.contains($0.offset) }.map(\.element)
        environment["WATCHES"] =
            rest.isEmpty ? nil : String(decoding: JSONValue.array(rest).serialized(), as: UTF8.self)
    }
}
