import Foundation
import Synchronization
import Testing

@testable import LocalAWS

@Suite struct DNSTests {
    struct Case: Sendable {
        var unhealthyRegions: [String] = []
        var unhealthyIdentifiers: [String] = []
        var active: String
    }

    @Test(
        "A failover record answers with the primary unless only the secondary is healthy",
        arguments: [
            Case(active: "us-east-1"),
            Case(unhealthyRegions: ["us-east-1"], active: "us-west-2"),
            Case(unhealthyRegions: ["us-west-2"], active: "us-east-1"),
            Case(unhealthyRegions: ["us-east-1", "us-west-2"], active: "us-east-1"),
            Case(unhealthyIdentifiers: ["app-us-east-1"], active: "us-west-2"),
            Case(unhealthyRegions: ["us-west-2"], unhealthyIdentifiers: ["app-us-east-1"], active: "us-east-1"),
        ]
    )
    func failover(_ row: Case) throws {
        let aws = try LocalAWS.sample()
        for region in row.unhealthyRegions { try aws.setHealthy(false, region: region) }
        for identifier in row.unhealthyIdentifiers { try aws.setHealthy(false, setIdentifier: identifier) }
        #expect(aws.activeRegion(of: "app.example.com") == row.active)
        let expected = LocalAWS.Sample.target(in: row.active).addresses
        #expect(try hosts(aws)["app.example.com"] == expected)
    }

    @Test func `Of weighted records the heaviest healthy one answers`() throws {
        let aws = try LocalAWS.sample(threeRegions: true)
        try aws.world.update { state in
            for (weight, region) in [(10, "us-east-1"), (20, "us-west-2"), (30, "eu-west-1")] {
                let alias = RecordSet.Alias(hostedZoneID: "Z", dnsName: LocalAWS.Sample.target(in: region).name)
                state.zones["Z0LOCALPROMOTER"]?.put(
                    RecordSet(
                        name: DNSName("w.example.com"), type: "A", setIdentifier: region, weight: weight, alias: alias)
                )
            }
        }
        #expect(aws.activeRegion(of: "w.example.com") == "eu-west-1")
        try aws.setHealthy(false, region: "eu-west-1")
        #expect(aws.activeRegion(of: "w.example.com") == "us-west-2")
    }

    @Test func `The innermost zone answers`() throws {
        let aws = try LocalAWS.sample()
        try aws.world.update { state in
            var zone = HostedZone(id: "Z0INNER", name: DNSName("app.example.com"))
            let alias = RecordSet.Alias(hostedZoneID: "Z", dnsName: LocalAWS.Sample.target(in: "us-west-2").name)
            zone.put(RecordSet(name: DNSName("app.example.com"), type: "A", alias: alias))
            state.zones[zone.id] = zone
        }
        #expect(aws.activeRegion(of: "app.example.com") == "us-west-2")
    }

    @Test func `A chain of names is followed, and a ring of them is no name`() throws {
        let aws = try LocalAWS.sample()
        func cname(_ name: String, _ target: String) -> RecordSet {
            RecordSet(name: DNSName(name), type: "CNAME", ttl: 5, values: [target])
        }
        try aws.world.update { state in
            state.zones["Z0LOCALPROMOTER"]?.put(cname("a.example.com", "b.example.com"))
            state.zones["Z0LOCALPROMOTER"]?.put(cname("b.example.com", "app.example.com"))
            state.zones["Z0LOCALPROMOTER"]?.put(cname("ring.example.com", "ring.example.com"))
        }
        #expect(aws.activeRegion(of: "a.example.com") == "us-east-1")
        #expect(try hosts(aws)["a.example.com"] == LocalAWS.Sample.target(in: "us-east-1").addresses)
        #expect(try hosts(aws)["ring.example.com"] == nil)
    }

    @Test func `Each change of an answer is told once, with both regions`() throws {
        let aws = try LocalAWS.sample()
        let flips = Mutex<[String]>([])
        aws.events.observe { event in
            if case .answerChanged(let name, let from, let to, _) = event.kind {
                flips.withLock { $0.append("\(name): \(from ?? "-") → \(to ?? "-")") }
            }
        }
        try aws.setHealthy(false, region: "us-east-1")
        try aws.setHealthy(false, region: "us-east-1")
        try aws.setHealthy(true, region: "us-east-1")
        try aws.setResolution(.notFound, of: "app.example.com")
        #expect(
            flips.withLock { $0 } == [
                "app.example.com: us-east-1 → us-west-2", "app.example.com: us-west-2 → us-east-1",
                "app.example.com: us-east-1 → -",
            ]
        )
    }

    @Test func `A name can be laid down: not found, or addresses of several regions`() throws {
        let aws = try LocalAWS.sample()
        try aws.setResolution(.notFound, of: "app.example.com")
        #expect(try hosts(aws)["app.example.com"] == nil)
        try aws.setResolution(.addresses(["10.1.1.10", "10.1.2.10"]), of: "app.example.com")
        #expect(try hosts(aws)["app.example.com"] == ["10.1.1.10", "10.1.2.10"])
        #expect(aws.activeRegion(of: "app.example.com") == nil)
        try aws.setResolution(nil, of: "app.example.com")
        #expect(aws.activeRegion(of: "app.example.com") == "us-east-1")
    }

    @Test func `A large balancer answers with eight of its addresses, others after a turn`() throws {
        let aws = try LocalAWS.sample()
        let name = LocalAWS.Sample.target(in: "us-east-1").name
        try aws.world.update { $0.targets[name]?.addresses = (1...20).map { "10.9.0.\($0)" } }
        #expect(try hosts(aws)["app.example.com"] == (1...8).map { "10.9.0.\($0)" })
        try aws.rotateAddresses(ofTarget: name.description, by: 15)
        #expect(try hosts(aws)["app.example.com"] == [16, 17, 18, 19, 20, 1, 2, 3].map { "10.9.0.\($0)" })
    }

    @Test func `A CNAME's target is the canonical name, an alias stays invisible`() throws {
        let aws = try LocalAWS.sample()
        let target = LocalAWS.Sample.target(in: "us-west-2").name
        try aws.world.update { state in
            state.zones["Z0LOCALPROMOTER"]?.put(
                RecordSet(name: DNSName("c.example.com"), type: "CNAME", ttl: 5, values: [target.description])
            )
        }
        let lines = try String(contentsOfFile: aws.hostsFile.path, encoding: .utf8).split(separator: "\n")
        #expect(lines.contains("10.1.2.10 \(target.withoutFinalDot) c.example.com"))
        #expect(lines.contains("10.1.1.10 app.example.com"))
    }

    @Test func `The hosts file is replaced, not written over`() throws {
        let aws = try LocalAWS.sample()
        let old = try #require(FileHandle(forReadingAtPath: aws.hostsFile.path))
        try aws.setHealthy(false, region: "us-east-1")
        var status = stat()
        #expect(fstat(old.fileDescriptor, &status) == 0)
        #expect(status.st_nlink == 0, "libnss_wrapper looks at this to see that there is a new file")
    }

    private func hosts(_ aws: LocalAWS) throws -> [String: [String]] {
        var table: [String: [String]] = [:]
        for line in try String(contentsOfFile: aws.hostsFile.path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            for name in words.dropFirst() { table[name, default: []].append(words[0]) }
        }
        return table
    }
}
