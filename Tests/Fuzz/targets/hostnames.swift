import EndpointRecords
import Promotion

@testable import AWSClient
@testable import Diagnosis
@testable import Functions
@testable import NameResolution

// Names of hosts, addresses and ARNs, as users, DNS and services write them.

func fuzz(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    try name(text)
    try region(text)
    try address(text)
    // Names in a zone are ASCII, and Swift takes a mark and the slash before it for one character.
    if input.allSatisfy({ $0 < 0x80 }) { try numbers(text, input.first.map { Int($0) + 1 } ?? 1) }
    try arn(text)
}

private func name(_ text: String) throws {
    let name = normalizedHostName(text)
    // Two dots at the end are no name: what is left of them is refused below.
    if !text.hasSuffix("..") {
        try require(normalizedHostName(name) == name, "\(name) is \(normalizedHostName(name)) the second time")
        let record = DNSName.normalized(text)
        let again = DNSName.normalized(record)
        try require(again == record, "\(record.debugDescription) is \(again.debugDescription) the second time")
    }
    let bytes = DNSName.decoded(text)
    let escaped = String(decoding: DNSName.escaped(text), as: UTF8.self)
    try require(DNSName.decoded(escaped) == bytes, "\(escaped) stands for other bytes")
    if isHostName(text) {
        try require(flaw(inHostName: text) == nil, "\(text) cannot be asked for")
        try require(IPAddress(name) == nil, "\(text) is an address")
        try require(DNSName.normalized(text) == name, "\(text) is two names")
    }
    if flaw(inHostName: text) == nil {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try require(labels.allSatisfy { (1...63).contains($0.count) } && name.utf8.count <= 253, "\(text)")
    }
    if let group = ClusterEndpoint.group(ofPrimary: text) {
        try require(!group.isEmpty && DNSName.normalized(text).has(group), "\(group) is not in \(text)")
    }
}

/// A region that is found is in the name, by itself or by its short form.
private func region(_ text: String) throws {
    guard let region = region(ofHost: text) else { return }
    try require(isRegionName(region), "\(region) is no region")
    let labels = text.lowercased().split(separator: ".").map(String.init)
    let isThere = labels.contains { $0 == region || $0 == "s3-website-\(region)" }
    let codes = codes(of: region)
    try require(isThere || labels.contains { codes.contains($0) }, "\(region) is not in \(text)")
    try require(NameResolution.region(ofHost: text.uppercased()) == region, "\(text) is another in capitals")
    if !text.hasSuffix(".") { try require(NameResolution.region(ofHost: "\(text).") == region, "\(text) with a dot") }
    let isChina = labels.last == "cn"
    try require(region.hasPrefix("cn-") == isChina, "\(region) is not the domain's: \(text)")
}

/// `use1` of us-east-1: the area, the first letters of the directions, the number.
private func codes(of region: String) -> [String] {
    let words = region.split(separator: "-").map(String.init)
    guard words.count >= 3 else { return [] }
    let letters = words.dropFirst().dropLast().map { word in
        ["north", "south"].lazy.compactMap { half -> String? in
            word.hasPrefix(half) && word != half ? "\(half.prefix(1))\(word.dropFirst(half.count).prefix(1))" : nil
        }.first ?? String(word.prefix(1))
    }
    let code = words[0] + letters.joined() + (words.last ?? "")
    return region == "cn-northwest-1" ? [code, "cnw1"] : [code]
}

private func address(_ text: String) throws {
    guard let address = IPAddress(text) else {
        return try require(dotted(text) == nil, "\(text) is an address")
    }
    try require(IPAddress(address.description) == address, "\(address) is another when read")
    try require(IPAddress(bytes: address.bytes) == address, "\(address) has other bytes")
    if let bytes = dotted(text) { try require(address.bytes == bytes && address.isIPv4, "\(text) is \(address)") }
    if !text.has(":") { try require(dotted(text) != nil, "\(text) is no address") }
}

/// Four numbers up to 255 with dots between them, none with a zero before it.
private func dotted(_ text: String) -> [UInt8]? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let bytes = parts.compactMap { part -> UInt8? in
        guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard part.count == 1 || part.first != 0x30 else { return nil }
        return UInt8(exactly: part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
}

private func numbers(_ text: String, _ number: Int) throws {
    let names = NumberedNames(after: text)
    let numbered = names.name(number)
    try require(names.number(of: numbered) == number && names.contains(numbered), "\(numbered) is not number \(number)")
    try require(names.number(of: DNSName.normalized(text)) == nil, "\(text) has a number")
    let zone = HostedZone(id: "Z", name: DNSName.normalized(text), isPrivate: false)
    let isThere =
        zone.contains(text) && (zone.name.isEmpty || zone.name.hasSuffix(".") || zone.contains("www.\(zone.name)"))
    try require(isThere, "\(text) is not in its own zone")
    try require(normalizedZoneID("/hostedzone/\(text)") == text, "the id of a zone is another")
}

private func arn(_ text: String) throws {
    if let principal = Principal(callerARN: text) {
        try require(principal.arn.hasPrefix("arn:") && principal.arn.has(":iam:"), "\(principal)")
        try require(text.has(principal.account), "\(principal)")
        // Whoever was found is found again, and nobody else.
        try require(Principal(callerARN: principal.arn)?.arn == principal.arn, "\(principal)")
    }
    if let partition = AWSPartition.of(arn: text) { try require(text.has(":"), "\(partition)") }
    let region = AWSPartition.of(region: text).endpoint(of: .route53).region
    try require(AWSConfiguration.isRegionName(region), "\(region) is no region")
    for handler in [text, text.lowercased()] {
        do throws(UnknownHandler) { _ = try FunctionName(handler: handler) } catch {
            try require("\(error)".isOneLine, "it tears a line of the log: \(error)")
        }
    }
}
