import Foundation
import LocalAWS
import Simulation
import Testing

@testable import Chaos

@Suite("What the judge is told of a run")
struct ChronicleTests {
    private static let west = Witness.Source(region: LocalAWS.Sample.secondaryRegion, process: 12)

    @Test("A line of a resolver's record is an answer of DNS; other names are none")
    func lookups() throws {
        let path = NSTemporaryDirectory() + "lookups-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let chronicle = Chronicle()
        let time = Int(chronicle.start.timeIntervalSince1970) + 5
        let name = LocalAWS.Sample.recordName
        let lines = [
            "\(time).000000001 0 \(name) 10.1.1.11 10.1.1.10", "\(time).2 0 \(name) 10.1.1.10 10.1.2.10",
            "\(time).3 -3 \(name)", "\(time).4 0 \(name) 192.0.2.1", "\(time).5 0 elsewhere.example.com 10.1.1.10",
            "half a li",
        ]
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        chronicle.readLookups(path, of: Self.west, targets: ChaosWorld.targets)
        let told = chronicle.facts().compactMap { time, fact -> [String]? in
            guard case .told(let regions, Self.west) = fact, time > .seconds(3) else { return nil }
            return regions
        }
        #expect(told == [["us-east-1"], ["us-east-1", "us-west-2"], [], []])
    }

    /// A world without processes, in which somebody promotes.
    private static func world() async throws -> (LocalAWS, Chronicle) {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        let aws = try LocalAWS.sampleWorld(configuration, threeRegions: true, aurora: true)
        let chronicle = Chronicle()
        chronicle.observe(aws)
        return (aws, chronicle)
    }

    @Test("What somebody promotes by hand is begun and ended, and the group is another then")
    func byHand() async throws {
        let (aws, chronicle) = try await Self.world()
        try aws.failOver(datastore: LocalAWS.Sample.datastoreID, toRegion: "us-west-2")
        chronicle.note(.promotedByHand(groupID: LocalAWS.Sample.datastoreID, region: "us-west-2"))
        #expect(GroupModel.groups(of: aws).map(\.status) == ["modifying", "available"])
        aws.clock.advance(by: .seconds(100))
        let facts = chronicle.facts().map(\.fact).dropFirst(2)
        #expect(facts.count == 3)
        guard case .accepted(.promotion, let before, "sessions-usw2", nil)? = facts.first,
            case .ended(let after, true)? = facts.last
        else {
            Issue.record("\(facts.map(\.words))")
            return
        }
        #expect(before.primaryRegion == "us-east-1")
        #expect(after.primaryRegion == "us-west-2" && after.status == "available")
        #expect(GroupModel.groups(of: aws).map(\.primaryRegion) == ["us-west-2", "us-east-1"])
    }

    @Test(
        "Whom a request comes from is told by its user agent, and those of others are nobody's",
        arguments: [true, false])
    func source(isMarked: Bool) async throws {
        let (aws, chronicle) = try await Self.world()
        try await aws.start()
        let variables = isMarked ? ["AWS_SDK_UA_APP_ID": Chronicle.mark(of: Self.west)] : [:]
        let environment = aws.environment(forRegion: "us-west-2").merging(variables) { $1 }
        let program = "\(ChildProcess.siblings)/promoter"
        _ = try await ChildProcess.run(
            program,
            [
                "check", "--hz", LocalAWS.Sample.zoneID, "-d", LocalAWS.Sample.recordName, "-g",
                LocalAWS.Sample.datastoreID,
            ],
            environment: environment)
        await aws.stop()
        let sources = chronicle.facts().compactMap { _, fact -> Witness.Source? in
            if case .called(_, let source) = fact { source } else { nil }
        }
        #expect(!aws.requests.isEmpty)
        #expect(sources == (isMarked ? aws.requests.map { _ in Self.west } : []))
    }
}
