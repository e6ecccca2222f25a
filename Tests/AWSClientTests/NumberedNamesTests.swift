import AWSClient
import HTTPTransport
import Synchronization
import Testing

/// Lists the numbered names of zones that a server sorts by itself.
@Suite("Names with numbers") struct NumberedNamesTests {
    /// What Route 53 writes as octal escapes is sorted by them, or as what they stand for: AWS does not say.
    enum Order: String, CaseIterable, Sendable {
        case decoded, escaped
    }

    /// - Parameter names: as Route 53 writes them, without the final dot.
    private static func server(_ names: [String], _ order: Order, page: Int = 300) -> FakeExecutor {
        @Sendable func key(_ name: String) -> [UInt8] {
            let text = order == .escaped ? name : name.replacing("\\052", with: "*").replacing("\\100", with: "@")
            return Array(text.split(separator: ".").reversed().joined(separator: ".").utf8) + [UInt8(ascii: ".")]
        }
        let sorted = names.sorted { key($0).lexicographicallyPrecedes(key($1)) }
        return FakeExecutor { request, _ in
            let asked = request.url.split(separator: "name=").last?.prefix { $0 != "&" } ?? ""
            let name = String(asked).replacing("%2A", with: "\\052").replacing("%40", with: "\\100")
                .replacing("%5C", with: "\\")
            let start = sorted.firstIndex { !key($0).lexicographicallyPrecedes(key(name)) } ?? sorted.count
            let sets = sorted[start...].prefix(page)
            let next = start + sets.count
            return .xml(
                200,
                Route53Tests.page(
                    sets.map { Route53Tests.set($0 + ".", type: "CNAME") }.joined(),
                    next: next < sorted.count ? Route53Tests.next(sorted[next] + ".", type: "CNAME") : ""))
        }
    }

    private func list(_ executor: FakeExecutor, after name: String) async throws -> [String] {
        let world = World()
        return try await Route53(try world.client(executor)).listResourceRecordSets(
            hostedZoneID: "/hostedzone/Z1", numberedAfter: name, deadline: world.deadline
        ).map(\.name)
    }

    /// All that could be taken for one, or stands between them.
    private static let around = [
        "a.example.com", "read.example.com", "read0.example.com", "read00.example.com", "read01.example.com",
        "read-1.example.com", "read1-a.example.com", "read1a.example.com", "x.read1.example.com",
        "9.read2.example.com", "reader.example.com", "reads1.example.com", "ready.example.com", "s1.example.com",
        "read1.example.net", "read1.other.example.com", "example.com", "\\052.example.com", "read\\052.example.com",
        "read\\0521.example.com", "read1\\052.example.com", "bread1.example.com", "read12x3.example.com",
    ]

    @Test("Exactly the names with a number are found, whatever stands around them", arguments: Order.allCases, 1...7)
    func exact(order: Order, page: Int) async throws {
        let wanted = ["read1", "read2", "read9", "read10", "read11", "read100", "read99999999999999999999"]
        let names = wanted.map { "\($0).example.com" }
        let found = try await list(Self.server(Self.around + names, order, page: page), after: "Read.Example.com.")
        #expect(Set(found) == Set(names))
        #expect(found.count == names.count)
    }

    @Test(
        "Ninety names cost one request in a zone of thousands, and five hundred cost two",
        arguments: [(90, 1), (500, 2)])
    func cost(count: Int, requests: Int) async throws {
        let wanted = (1...count).map { "read\($0).example.com" }
        let others = (0..<3000).map { "a\($0).example.com" } + (0..<3000).map { "s\($0).example.com" }
        let executor = Self.server(wanted + others, .decoded)
        #expect(try await list(executor, after: "read.example.com").count == count)
        #expect(executor.requests.count == requests)
        #expect(
            executor.requests.first?.url
                == "https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset?name=read1.example.com&maxitems=300")
    }

    @Test("The same names of the next domain are not read")
    func nextDomain() async throws {
        let others = (1...1000).map { "read\($0).b.example.com" }
        let executor = Self.server(["read1.a.example.com"] + others, .decoded)
        #expect(try await list(executor, after: "read.a.example.com") == ["read1.a.example.com"])
        #expect(executor.requests.count == 1)
    }

    @Test(
        "A name with characters that are escaped is listed in either order", arguments: Order.allCases,
        ["\\100", "a\\052", "\\052b"])
    func escapes(order: Order, label: String) async throws {
        let names = [1, 2, 30].map { "\(label)\($0).example.com" }
        let found = try await list(
            Self.server(Self.around + names, order, page: 2), after: "\(label).example.com")
        #expect(Set(found) == Set(names.map { DNSName.normalized($0) }))
    }

    @Test(
        "A name of one label, and one that ends in a digit, have numbers too", arguments: ["read", "read1.example.com"])
    func odd(name: String) async throws {
        let names = name == "read" ? ["read7"] : ["read11.example.com", "read19.example.com"]
        #expect(try await list(Self.server(Self.around + names, .decoded), after: name) == names)
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let executor = FakeExecutor { _, index in
            .xml(
                200, Route53Tests.page("", next: Route53Tests.next("read\(sameEachTime ? 2 : index + 2).example.com.")))
        }
        let error = await awsError { try await list(executor, after: "read.example.com") }
        #expect(error?.code == .unexpectedAnswer)
        #expect(executor.requests.count == (sameEachTime ? 2 : 40))
    }
}
