import Foundation
import Testing

@testable import LocalAWS

/// What a process of the local AWS gets from getaddrinfo(3), which `getent ahostsv4` asks.
@Suite struct PreloadedResolverTests {
    private static func ask(_ aws: LocalAWS, _ name: String, _ variables: [String: String] = [:]) async throws
        -> ChildProcess.Result
    {
        let environment = aws.environment(forRegion: "us-west-2").merging(variables) { $1 }
        return try await ChildProcess.run("/usr/bin/getent", ["ahostsv4", name], environment: environment)
    }

    @Test func `While names are to fail, a look-up fails at once, and then no more`() async throws {
        let aws = try LocalAWS.sample()
        #expect(try await Self.ask(aws, "app.example.com").output.contains("10.1.1.10"))
        aws.hostsFile.setFailing(true)
        #expect(try await Self.ask(aws, "app.example.com").output.isEmpty)
        aws.hostsFile.setFailing(false)
        #expect(try await Self.ask(aws, "app.example.com").output.contains("10.1.1.10"))
    }

    @Test func `What a process was told is recorded: when, with which status, of which name, and the addresses`()
        async throws
    {
        let aws = try LocalAWS.sample()
        let path = NSTemporaryDirectory() + "lookups-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let before = Date()
        for name in ["app.example.com", "nothing.example.com"] {
            _ = try await Self.ask(aws, name, ["LOCAL_AWS_LOOKUPS": path])
        }
        aws.hostsFile.setFailing(true)
        _ = try await Self.ask(aws, "app.example.com", ["LOCAL_AWS_LOOKUPS": path])
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.map { $0[2] } == ["app.example.com", "nothing.example.com", "app.example.com"])
        #expect(Set(lines[0].dropFirst(3)) == ["10.1.1.10", "10.1.1.11", "10.1.1.12"])
        #expect(lines[0][1] == "0" && lines[1][1] != "0" && lines[2][1] == "\(EAI_AGAIN)")
        #expect(lines[1].count == 3 && lines[2].count == 3)
        let times = lines.compactMap { Double($0[0]) }
        #expect(
            times == times.sorted()
                && times.allSatisfy { (before.timeIntervalSince1970...Date().timeIntervalSince1970).contains($0) })
    }
}
