import Failover
public import Glibc
import Promotion
import Synchronization

@testable import NameResolution

// What `getaddrinfo` answers, made of the input in memory that has not a byte more than it says; and whether the region
// that is taken for the active one has a record that fits the answer.

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    if input.byte() == UInt8(ascii: "r") { return try rounds(input) }
    answer.withLock { $0 = Answer(&input) }
    let expected = answer.withLock { $0 }
    do {
        let resolved = try AddressLookup.resolve("app.example.com")
        try require(Set(resolved.addresses.map(\.bytes)) == Set(expected.addresses), "\(resolved.addresses)")
        try require(resolved.addresses == Set(resolved.addresses).sorted(), "not in their order: \(resolved.addresses)")
        let name = expected.canonicalName.map { String(decoding: $0, as: UTF8.self) } ?? "app.example.com"
        try require(resolved.canonicalName == normalizedHostName(name), "\(resolved.canonicalName) is not \(name)")
    } catch let error as ResolutionError {
        try require(expected.status != 0 || expected.addresses.isEmpty, "it has addresses, and is refused: \(error)")
        try require(error.description.isOneLine, "it tears a line of the log: \(error)")
    }
}

// MARK: - getaddrinfo

private struct Answer {
    struct Entry {
        var family: Int32
        /// nil for no address at all.
        var bytes: [UInt8]?
    }

    var status: Int32 = 0
    /// Without a NUL.
    var canonicalName: [UInt8]?
    var entries: [Entry] = []

    init() {}

    /// A status, a name that ends with 0xFF, and entries of a family, a length, and as many bytes.
    init(_ input: inout Input) {
        let first = input.byte()
        status = first < 0xE0 ? 0 : Int32(Int8(bitPattern: input.byte()))
        if first & 1 == 0 { canonicalName = input.part(until: 0xFF).filter { $0 != 0 } }
        while !input.isEmpty, entries.count < 64 {
            let family = input.choice(of: [AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, AF_INET, AF_INET6])
            let length = Int(input.byte()) % 40
            entries.append(Entry(family: family, bytes: length == 39 ? nil : input.bytes(length)))
        }
    }

    /// Those of the entries that are long enough for their families, an IPv4 address in IPv6 as what it is.
    var addresses: [[UInt8]] {
        entries.compactMap { entry in
            guard let bytes = entry.bytes else { return nil }
            switch entry.family {
            case AF_INET where bytes.count >= 16: return Array(bytes[4..<8])
            case AF_INET6 where bytes.count >= 28:
                let address = Array(bytes[8..<24])
                let isMapped = address.prefix(10).allSatisfy { $0 == 0 } && address[10] == 0xFF && address[11] == 0xFF
                return isMapped ? Array(address.suffix(4)) : address
            default: return nil
            }
        }
    }
}

private let answer = Mutex(Answer())

/// In the place of the C library's.
@_cdecl("getaddrinfo")
public func madeUpAnswer(
    _ name: UnsafePointer<CChar>?, _ service: UnsafePointer<CChar>?, _ hints: UnsafePointer<addrinfo>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<addrinfo>?>?
) -> CInt {
    let answer = answer.withLock { $0 }
    guard answer.status == 0 else {
        errno = EIO
        return answer.status
    }
    var next: UnsafeMutablePointer<addrinfo>?
    for (index, entry) in answer.entries.enumerated().reversed() {
        let current = UnsafeMutablePointer<addrinfo>.allocate(capacity: 1)
        current.initialize(to: addrinfo())
        current.pointee.ai_family = entry.family
        current.pointee.ai_next = next
        if let bytes = entry.bytes {
            let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 1)
            copy.copyMemory(from: bytes, byteCount: bytes.count)
            current.pointee.ai_addr = copy.assumingMemoryBound(to: sockaddr.self)
            current.pointee.ai_addrlen = socklen_t(bytes.count)
        }
        if index == 0, let name = answer.canonicalName {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.count + 1)
            for (offset, byte) in name.enumerated() { copy[offset] = CChar(bitPattern: byte) }
            copy[name.count] = 0
            current.pointee.ai_canonname = copy
        }
        next = current
    }
    result?.pointee = next
    return 0
}

@_cdecl("freeaddrinfo")
public func freeMadeUpAnswer(_ first: UnsafeMutablePointer<addrinfo>?) {
    var entry = first
    while let current = entry {
        entry = current.pointee.ai_next
        if let address = current.pointee.ai_addr { UnsafeMutableRawPointer(address).deallocate() }
        current.pointee.ai_canonname?.deallocate()
        current.deallocate()
    }
}

// MARK: - Which region is active

private let regions: [String?] = ["us-east-1", "us-west-2", "eu-west-1", nil]
private let names = ["a.example.com", "b.example.com", "c.example.com", "alb.us-east-1.elb.amazonaws.com"]
private let addresses = (1...6).compactMap { IPAddress("10.0.0.\($0)") }

/// Records, and then in each round what every name answers and whether they change.
private func rounds(_ input: Input) throws {
    try CallingThread.shared.run {
        var input = input
        let zone = Zone()
        let time = Time()
        zone.set(records: records(&input))
        let finder = ActiveRegionFinder(
            name: "app.example.com", source: zone, resolver: zone, now: { Server.now + time.passed })
        var rounds = 0
        while !input.isEmpty, rounds < 40 {
            rounds += 1
            let step = input.byte()
            if step & 1 == 1 { zone.set(records: records(&input)) }
            if step & 2 == 2 { await finder.distrust() }
            time.pass(.seconds(Int64(input.byte())))
            for name in names + ["app.example.com"] { zone.set(answer(&input), of: name, at: time.passed) }
            let active = try await finder.find(deadline: Server.deadline + time.passed)
            try check(active, zone, await finder.records ?? [], at: time.passed)
        }
    }
}

private func records(_ input: inout Input) -> [FailoverRecord] {
    (0..<Int(input.byte() % 5)).map { index in
        let (region, target) = (input.choice(of: regions), input.byte())
        return FailoverRecord(
            label: "r\(index)",
            target: target & 1 == 0
                ? .name(names[Int(target / 2) % names.count])
                : .addresses([addresses[Int(target / 2) % addresses.count]]),
            region: region)
    }
}

/// nil for none.
private func answer(_ input: inout Input) -> ResolvedName? {
    let (name, some) = (input.byte(), input.byte())
    guard name != 0xFF, some != 0 else { return nil }
    let canonical = ["app.example.com"] + names
    return ResolvedName(
        canonicalName: canonical[Int(name) % canonical.count],
        addresses: addresses.enumerated().filter { some >> $0.offset & 1 == 1 }.map(\.element))
}

private func check(_ active: ActiveRegion, _ zone: Zone, _ records: [FailoverRecord], at time: Duration) throws {
    guard let now = zone.answers["app.example.com"] else {
        if case .unknown = active { return }
        throw WrongResult(reason: "\(active) though the name has no address")
    }
    // What a target has not answered for an hour says nothing of it.
    func isRecent(_ seen: Duration?) -> Bool { seen.map { time - $0 < .seconds(3600) } ?? false }
    func fits(_ region: String) -> Bool {
        records.contains { record in
            guard record.region == region else { return false }
            switch record.target {
            case .addresses(let own): return own.contains { now.addresses.contains($0) }
            case .name(let name):
                let seen = zone.seen[name] ?? ([:], [:])
                return name == now.canonicalName || isRecent(seen.names[now.canonicalName])
                    || now.addresses.contains { isRecent(seen.addresses[$0]) }
            }
        }
    }
    switch active {
    case .region(let region): try require(fits(region), "\(region) has no record that fits \(now)")
    case .ambiguous(let regions):
        try require(regions.count > 1 && regions.allSatisfy(fits), "not all of \(regions) have one that fits \(now)")
    default: break
    }
}

/// Records and answers, and when what was last answered.
private final class Zone: RecordSource, Resolver {
    typealias Seen = (addresses: [IPAddress: Duration], names: [String: Duration])

    private struct State {
        var records: [FailoverRecord] = []
        var answers: [String: ResolvedName] = [:]
        var seen: [String: Seen] = [:]
    }

    private let state = Mutex(State())

    var answers: [String: ResolvedName] { state.withLock { $0.answers } }
    var seen: [String: Seen] { state.withLock { $0.seen } }

    func set(records: [FailoverRecord]) { state.withLock { $0.records = records } }

    func set(_ answer: ResolvedName?, of name: String, at time: Duration) {
        state.withLock { state in
            state.answers[name] = answer
            guard let answer else { return }
            for address in answer.addresses { state.seen[name, default: ([:], [:])].addresses[address] = time }
            state.seen[name, default: ([:], [:])].names[answer.canonicalName] = time
        }
    }

    func read(deadline: ContinuousClock.Instant) async throws -> RecordSet {
        RecordSet(records: state.withLock { $0.records })
    }

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        guard let answer = answers[name] else { throw ResolutionError(.notFound, name: name, reason: "none") }
        return answer
    }
}

private final class Time: Sendable {
    private let state = Mutex(Duration.zero)

    var passed: Duration { state.withLock { $0 } }

    func pass(_ duration: Duration) { state.withLock { $0 += duration } }
}
