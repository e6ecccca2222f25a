import AWSClient
import Failover
import HealthProbe
import NameResolution

@testable import Diagnosis
@testable import Functions

// What users set. The first byte of an input says of which function; then NAME=VALUE, with NULs between them. `FILE` is
// what is in every file. It is a configuration that keeps what the README says of it, or an error that names variables
// that are set, or should be.

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    let function = input.byte()
    let environment = input.environment()
    let readFile: FileReader = { _ in
        environment["FILE"].map { .bytes(Array($0.utf8)) } ?? .missing
    }
    do {
        switch function {
        case UInt8(ascii: "p"): try check(ProbeConfiguration(environment: environment, readFile: readFile))
        case UInt8(ascii: "e"): try check(EndpointsConfiguration(environment: environment))
        case UInt8(ascii: "d"): try salvage(environment, readFile)
        default: try check(PromoterConfiguration(environment: environment, readFile: readFile), environment)
        }
    } catch let error as ConfigurationError { try check(error, environment) }
}

/// What has to be there in some set-ups.
private let required: Set<String> = [
    "HOSTED_ZONE_ID", "DNS_NAME", "GLOBAL_DATASTORE_ID", "GLOBAL_CLUSTER_ID", "REDIS_HOST", "POSTGRES_SECRET_ARN",
    "POSTGRES_USERNAME", "RECORD_NAME", "REPLICATION_GROUP_ID",
]

private func check(_ error: ConfigurationError, _ environment: [String: String]) throws {
    try require(!error.problems.isEmpty, "nothing is wrong")
    try require(error.description.isOneLine, "it tears a line of the log: \(error)")
    for problem in error.problems {
        let variable = String(problem.variable.prefix { $0 != "[" && $0 != "." })
        let isSet = environment[variable] != nil
        try require(isSet || required.contains(variable), "\(variable) is not set, and need not be: \(error)")
        try require(!problem.remedy.isEmpty, "it does not say what would be right: \(error)")
    }
    for (name, value) in environment where name.hasSuffix("_PASSWORD") && value.utf8.count >= 8 {
        let others = environment.filter { $0.key != name }.values
        guard !others.contains(where: { $0.has(value) }), value == secretMark else { continue }
        try require(!error.description.has(value), "\(name) is shown: \(error)")
    }
}

private func check(_ configuration: PromoterConfiguration, _ environment: [String: String]) throws {
    let watches = configuration.watches
    try require((1...PromoterConfiguration.maximumWatches).contains(watches.count), "\(watches.count) watches")
    try require(Set(watches.map(\.name)).count == watches.count, "two watches of one name")
    var groups: Set<String> = []
    var records: Set<String> = []
    for watch in watches {
        try require(isName(watch.dnsName), "\(watch.dnsName) is no name")
        try require(watch.hostedZoneID != nil || !watch.recordTargets.isEmpty, "nobody knows the records of \(watch)")
        try require((1...2).contains(watch.groups.count), "\(watch.groups) of \(watch.name)")
        for group in watch.groups {
            try require(groups.insert("\(group.kind) \(group.id.lowercased())").inserted, "\(group.id) twice")
            try require(group.id.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D }, "\(group.id) is no id")
            try check(group.policy)
            guard group.policy.detachAfter != nil || group.policy.means == .detachment else { continue }
            try require(configuration.pauseParameter != nil, "a detachment that is kept nowhere: \(group)")
        }
        for name in watch.records.flatMap(\.names) {
            try require(records.insert(name).inserted && name != watch.dnsName, "\(name) twice")
        }
        try require(watch.records.allSatisfy { (1...86_400).contains($0.ttl) }, "\(watch.records)")
        try require(watch.checkInterval.map { (.milliseconds(200) ... .seconds(300)).contains($0) } ?? true, "\(watch)")
        try require(watch.cacheMaxAge.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "\(watch)")
        try require(watch.alertAfter.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "\(watch)")
        let regions = Set(watch.recordTargets.keys).union(watch.recordRegions.values)
        try require(regions.allSatisfy { isRegionName($0) || $0 == trimmed(environment["AWS_REGION"]) }, "\(regions)")
    }
}

private func check(_ policy: Policy) throws {
    try require((1...100).contains(policy.confirmations), "\(policy)")
    try require((.zero ... .seconds(86_400)).contains(policy.holdDown), "\(policy)")
    try require(policy.maximumLag.map { (.zero ... .seconds(86_400)).contains($0) } ?? true, "\(policy)")
    try require(policy.detachAfter.map { (.seconds(180) ... .seconds(86_400)).contains($0) } ?? true, "\(policy)")
    try require(!policy.promoteInStatus.isEmpty && !policy.detachesAtOnce, "\(policy)")
}

private func check(_ configuration: ProbeConfiguration) throws {
    let probes = configuration.probes
    try require((1...ProbeConfiguration.maximumProbes).contains(probes.count), "\(probes.count) probes")
    try require(Set(probes.map(\.target.name)).count == probes.count, "two probes of one name")
    try require(Set(probes.map(\.dimensions)).count == probes.count, "two probes of one metric")
    try require([1, 60].contains(configuration.resolution), "\(configuration.resolution)")
    try require(configuration.interval.map { (.seconds(1) ... .seconds(60)).contains($0) } ?? true, "\(configuration)")
    for probe in probes {
        let target = probe.target
        let host = target.endpoint.host
        try require(
            isName(normalizedHostName(host)) || IPAddress(host) != nil || host == "localhost", "\(host) is no host")
        try require((1...65_535).contains(target.endpoint.port), "\(target)")
        for timeout in [target.connectTimeout, target.readTimeout] {
            try require((.milliseconds(50) ... .seconds(30)).contains(timeout), "\(target)")
        }
        try require((1...100).contains(probe.smoothing.failuresToUnhealthy), "\(probe.smoothing)")
        try require((1...100).contains(probe.smoothing.successesToHealthy), "\(probe.smoothing)")
        try require(probe.dimensions.count <= 30, "\(probe.dimensions.count) dimensions")
        try require(Set(probe.dimensions.map(\.name)).count == probe.dimensions.count, "\(probe.dimensions)")
    }
}

private func check(_ configuration: EndpointsConfiguration) throws {
    let settings = configuration.settings
    let others = [settings.weightedName, settings.primaryName].compactMap(\.self)
    let names = others + [settings.replicaName].compactMap(\.self)
    try require(!names.isEmpty && names.allSatisfy(isName), "\(names)")
    try require(Set(others).count == others.count, "\(names)")
    if let numbered = settings.replicaName.map(NumberedNames.init(after:)) {
        try require(others.allSatisfy { numbered.number(of: $0) == nil }, "\(names)")
    }
    try require((1...86_400).contains(settings.ttl), "\(settings)")
    try require(configuration.region.map { isRegionName($0) } ?? true, "\(configuration)")
}

/// As much as is right is a configuration by itself.
private func salvage(_ environment: [String: String], _ readFile: FileReader) throws(ConfigurationError) {
    let salvaged = SalvagedConfiguration(environment: environment, readFile: readFile)
    guard salvaged.problems.isEmpty else { throw ConfigurationError(salvaged.problems) }
}

/// By the rules of RFC 1035 and the letters that hosts have.
private func isName(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253 && labels.count > 1
        && labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }
        }
}

private func trimmed(_ text: String?) -> String? {
    text.map { String($0.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
}
