import Foundation
import LocalAWS
import Testing

@testable import Chaos

@Suite("What a region's name server tells")
struct RegionalResolverTests {
    private typealias Trouble = RegionalResolver.Trouble

    private static let east = ["10.1.1.10", "10.1.1.11", "10.1.1.12"]
    private static let west = ["10.1.2.10", "10.1.2.11", "10.1.2.12"]
    private static let third = ["10.1.3.10", "10.1.3.11", "10.1.3.12"]

    private static func told(_ resolver: RegionalResolver, _ name: String = LocalAWS.Sample.recordName) async throws
        -> Set<String>
    {
        let result = try await ChildProcess.run(
            "/usr/bin/getent", ["ahostsv4", name], environment: resolver.environment)
        return Set(result.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
    }

    @Test("With each trouble it tells something else, and without it the truth again")
    func troubles() async throws {
        let folder = NSTemporaryDirectory() + "resolver-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let aws = try LocalAWS.sampleWorld()
        let resolver = try RegionalResolver(path: "\(folder)/hosts", targets: ChaosWorld.targets)
        try resolver.take(Array(aws.world.snapshot.answers.values))
        try aws.setHealthy(false, region: LocalAWS.Sample.primaryRegion)
        // It has not heard of it yet.
        #expect(try await Self.told(resolver) == Set(Self.east))
        try resolver.take(Array(aws.world.snapshot.answers.values))
        let expected: [Trouble: [String]] = [
            .fails: [], .doesNotExist: [], .answersOld: Self.east, .answersBoth: Self.east + Self.west + Self.third,
            .answersElse: ["192.0.2.1"],
        ]
        for trouble in Trouble.allCases where trouble != .silent {
            try resolver.set(trouble)
            #expect(try await Self.told(resolver) == Set(expected[trouble] ?? []), "\(trouble)")
        }
        // The name of a target is not disturbed by what the watched name leads to.
        #expect(
            try await Self.told(resolver, LocalAWS.Sample.target(in: "us-east-1").name.withoutFinalDot)
                == Set(Self.east))
        let hanging = try #require(resolver.environment["LOCAL_AWS_HANGING_NAMES"])
        try resolver.set(.silent)
        #expect(FileManager.default.fileExists(atPath: hanging))
        try resolver.set(nil)
        #expect(!FileManager.default.fileExists(atPath: hanging))
        #expect(try await Self.told(resolver) == Set(Self.west))
    }
}
