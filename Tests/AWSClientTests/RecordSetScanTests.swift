import AWSClient
import HTTPTransport
import Testing

/// Many names of one zone at once.
@Suite struct RecordSetScanTests {
    /// Which of the two places of an escaped character a server sorts it at.
    enum Order: CaseIterable, Sendable {
        case byCharacter, byEscape

        /// Written down apart from the product: the labels reversed, each with the dot behind it.
        func key(_ name: String) -> String {
            let name = self == .byCharacter ? name.replacing("\\052", with: "*") : name.replacing("*", with: "\\052")
            return name.split(separator: ".").reversed().map { "\($0)." }.joined()
        }
    }

    struct Zone: Sendable {
        /// In the order of the server, as it writes them.
        var sets: [(name: String, type: String, identifier: String)]
        var order: Order
        var pageSize: Int

        init(_ sets: [(name: String, type: String, identifier: String)], order: Order = .byEscape, pageSize: Int) {
            func key(_ set: (name: String, type: String, identifier: String)) -> [String] {
                [order.key(set.name), set.type, set.identifier]
            }
            self.sets = sets.sorted { key($0).lexicographicallyPrecedes(key($1)) }
            self.order = order
            self.pageSize = pageSize
        }

        var executor: FakeExecutor {
            FakeExecutor { request, _ in .xml(200, page(request.url)) }
        }

        private func page(_ url: String) -> String {
            let query = url.split(separator: "?").last?.split(separator: "&") ?? []
            func value(_ name: String) -> String {
                let value = query.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1) ?? ""
                return String(value).replacing("%2A", with: "*").replacing("%5C", with: "\\")
            }
            let asked = [order.key(value("name")), value("type"), value("identifier")]
            let start = sets.firstIndex { set in
                !([order.key(set.name), set.type, set.identifier] as [String]).lexicographicallyPrecedes(asked)
            }
            let rest = sets[(start ?? sets.count)...]
            let next = rest.dropFirst(pageSize).first
            return Route53Tests.page(
                rest.prefix(pageSize).map {
                    Route53Tests.set("\($0.name).", type: $0.type, "<SetIdentifier>\($0.identifier)</SetIdentifier>")
                }.joined(),
                next: next.map { Route53Tests.next("\($0.name).", type: $0.type, identifier: $0.identifier) } ?? "")
        }
    }

    private func list(_ names: [String], _ executor: FakeExecutor) async throws -> [String: [ResourceRecordSet]] {
        let world = World()
        return try await Route53(try world.client(executor)).listResourceRecordSets(
            hostedZoneID: "Z1", names: names, deadline: world.deadline)
    }

    private func queries(_ executor: FakeExecutor) -> [Substring] {
        executor.requests.compactMap { $0.url.split(separator: "?").last }
    }

    private static func single(_ names: [String]) -> [(name: String, type: String, identifier: String)] {
        names.map { (name: $0, type: "A", identifier: "one") }
    }

    @Test("Names on one page cost one request, which begins at the first of them")
    func onePage() async throws {
        let zone = Zone(Self.single(["a.example.com", "b.example.com", "c.example.com", "example.com"]), pageSize: 300)
        let executor = zone.executor
        let found = try await list(["c.example.com", "B.Example.com.", "x.example.com", "b.example.com"], executor)
        #expect(
            found.mapValues { $0.map(\.name) } == [
                "b.example.com": ["b.example.com"], "c.example.com": ["c.example.com"], "x.example.com": [],
            ])
        #expect(queries(executor) == ["name=b.example.com&maxitems=300"])
    }

    @Test("Pages without a wanted name are skipped, and no name is asked for twice")
    func skipping() async throws {
        let names = (0..<5000).map { "n\(10_000 + $0).example.com" }
        let executor = Zone(Self.single(names), pageSize: 300).executor
        let wanted = [
            "n14000.example.com", "n10010.example.com", "n10020.example.com", "n14299.example.com",
            "n14300.example.com", "zz.example.com",
        ]
        let found = try await list(wanted, executor)
        #expect(
            found.mapValues(\.count) == [
                "n10010.example.com": 1, "n10020.example.com": 1, "n14000.example.com": 1, "n14299.example.com": 1,
                "n14300.example.com": 1, "zz.example.com": 0,
            ])
        #expect(
            queries(executor) == [
                "name=n10010.example.com&maxitems=300", "name=n14000.example.com&maxitems=300",
                // Where the page before ended is where this name begins.
                "name=n14300.example.com.&type=A&identifier=one&maxitems=300", "name=zz.example.com&maxitems=300",
            ])
    }

    @Test("A name that a page breaks off in is continued, and comes whole")
    func continuing() async throws {
        let sets = ["a", "b", "c"].flatMap { name in
            (1...5).map { (name: "\(name).example.com", type: "A", identifier: "\($0)") }
        }
        let executor = Zone(sets, pageSize: 4).executor
        let found = try await list(["a.example.com", "b.example.com", "c.example.com"], executor)
        for name in ["a", "b", "c"] {
            #expect(found["\(name).example.com"]?.map(\.setIdentifier) == ["1", "2", "3", "4", "5"])
        }
        #expect(executor.requests.count == 4)
    }

    @Test("No names are no request")
    func none() async throws {
        let executor = FakeExecutor(.xml(200, Route53Tests.page("")))
        #expect(try await list([], executor) == [:])
        #expect(executor.requests.isEmpty)
    }

    @Test(
        "The order is that of reversed labels with their dots",
        arguments: [
            // A hyphen comes before the dot that ends a label, a digit after it.
            ["a-b.example.com", "a.example.com", "x.a.example.com", "a0.example.com"],
            ["z.com", "a.org"], ["*.example.com", "_tcp.example.com", "a.example.com"],
            ["example.com", "a.example.com", "a.a.example.com", "b.example.com"],
        ])
    func order(names: [String]) async throws {
        let executor = Zone(Self.single(names), order: .byCharacter, pageSize: 300).executor
        let found = try await list(names.reversed(), executor)
        #expect(found.values.allSatisfy { $0.count == 1 })
        #expect(queries(executor).count == 1)
        #expect(queries(executor).first?.hasPrefix("name=\(names[0].replacing("*", with: "%2A"))&") == true)
    }

    @Test("Where the place of a character is not certain, its name is asked for by itself", arguments: Order.allCases)
    func uncertain(order: Order) async throws {
        // By the character, `*` comes before digits, by its escape after them.
        let sets = Self.single(["1.example.com", "\\052.example.com", "a.example.com", "b.example.com"])
        for pageSize in 1...5 {
            let executor = Zone(sets, order: order, pageSize: pageSize).executor
            let found = try await list(["*.example.com", "1.example.com", "a.example.com", "b.example.com"], executor)
            #expect(
                found.mapValues(\.count) == [
                    "*.example.com": 1, "1.example.com": 1, "a.example.com": 1, "b.example.com": 1,
                ])
            #expect(executor.requests.count <= 4)
        }
    }

    @Test("Pages that do not end are an error, for the second name as for the first", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let executor = FakeExecutor { _, index in
            guard index > 0 else { return .xml(200, Route53Tests.page("", next: Route53Tests.next("x.example.com."))) }
            let next = Route53Tests.next("b.example.com.", identifier: sameEachTime ? "x" : "x\(index)")
            return .xml(200, Route53Tests.page("", next: next))
        }
        let error = await awsError { try await list(["a.example.com", "z.example.com", "b.example.com"], executor) }
        // The first page covers `a` and `b`; the others claim to go back.
        #expect(error == nil)
        #expect(executor.requests.count == 2)
        let other = FakeExecutor { _, index in
            let next = Route53Tests.next("b.example.com.", identifier: sameEachTime && index > 0 ? "x" : "x\(index)")
            return .xml(200, Route53Tests.page("", next: next))
        }
        let endless = await awsError { try await list(["a.example.com", "b.example.com"], other) }
        #expect(endless?.code == .unexpectedAnswer)
        #expect(endless?.activity == "Route 53 ListResourceRecordSets")
        #expect(other.requests.count == (sameEachTime ? 3 : 11))
    }

    @Test("Any names of any zone are read whole, in no more requests than names or pages", arguments: 0..<150)
    func anyZone(seed: UInt64) async throws {
        var random = Generator(state: seed)
        let alphabet = seed % 2 == 0 ? ["a", "b", "a-b", "c1", "_x"] : ["a", "b", "a-b", "1", "_x", "*", "0-9"]
        func name() -> String {
            (0..<Int.random(in: 1...3, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" }
                .joined(separator: ".") + ".example.com"
        }
        var sets: [String: (name: String, type: String, identifier: String)] = [:]
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            let set = (
                name: name().replacing("*", with: "\\052"),
                type: ["A", "AAAA", "TXT"].randomElement(using: &random) ?? "A",
                identifier: "\(Int.random(in: 0...2, using: &random))"
            )
            sets["\(set)"] = set
        }
        let order = Order.allCases.randomElement(using: &random) ?? .byEscape
        let zone = Zone(Array(sets.values), order: order, pageSize: Int.random(in: 1...12, using: &random))
        let wanted = Set((0..<Int.random(in: 1...12, using: &random)).map { _ in name() })
        let executor = zone.executor
        let found = try await list(Array(wanted), executor)
        #expect(Set(found.keys) == wanted, "seed \(seed)")
        for name in wanted {
            let expected = zone.sets.filter { $0.name.replacing("\\052", with: "*") == name }
            #expect(
                found[name]?.map { "\($0.type) \($0.setIdentifier ?? "")" }
                    == expected.map { "\($0.type) \($0.identifier)" },
                "seed \(seed), \(name)")
        }
        if seed % 2 == 0 {
            #expect(
                executor.requests.count <= max(1, (zone.sets.count + zone.pageSize - 1) / zone.pageSize), "seed \(seed)"
            )
        }
        if zone.pageSize >= 9 {
            // Then no name has more than a page.
            #expect(executor.requests.count <= wanted.count, "seed \(seed)")
        }
    }

    /// Splitmix64: the same numbers for a seed, everywhere.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
