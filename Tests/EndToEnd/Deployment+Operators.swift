import Foundation
import LocalAWS

/// What operators have to do with it.
extension Deployment {
    static let pauseParameter = "/promoter/pause"
    static let historyParameter = "/promoter/pause-history"
    static let topic = LocalAWS.Sample.topicARN(in: west)

    /// A function in the west with a pause and a history that lives by the clock, while DNS leads to the east.
    convenience init(
        livingBy clock: MovedClock, _ variables: [String: String?] = [:], prepare: (LocalAWS) throws -> Void = { _ in }
    ) async throws {
        let own = ["PAUSE_PARAMETER": Self.pauseParameter].merging(clock.variables) { $1 }
        try await self.init(regions: [Self.west], variables: own.merging(variables) { $1 }, prepare: prepare)
    }

    /// What an operator types in the west: a process of its own.
    func promoter(_ arguments: String...) async throws -> ChildProcess.Result {
        let environment = aws.environment(forRegion: Self.west).merging(Self.variables) { $1 }
            .merging(["PAUSE_PARAMETER": Self.pauseParameter]) { $1 }
        return try await Self.run("promoter", arguments, environment: environment)
    }

    /// A new process in the place of the one in the west, as when Lambda starts another sandbox.
    @discardableResult
    func restart(_ variables: [String: String?] = [:]) async throws -> ChildProcess {
        if let process = processes[Self.west] {
            process.kill()
            _ = await process.exit()
            try function(Self.west).processExited()
        }
        return try launch(Self.west, ["PAUSE_PARAMETER": Self.pauseParameter].merging(variables) { $1 })
    }

    /// A promotion as `promoter history` shows it.
    struct HistoryEntry: Decodable {
        var watch: String
        var member: String
        var region: String
        var outcome: String
        var seconds: Double?
        var by: String?
    }

    func history() async throws -> [HistoryEntry] {
        let result = try await promoter("history", "--output", "json")
        return try JSONDecoder().decode([HistoryEntry].self, from: Data(result.output.utf8))
    }

    /// From now on, what AWS takes one to two minutes for is over when it has been accepted.
    func finishFailoversAtOnce() {
        aws.events.observe { [aws] event in
            guard case .requestServed(let request) = event.kind, request.status == 200,
                request.operation == "FailoverGlobalReplicationGroup"
            else { return }
            aws.clock.advance(by: .seconds(120))
        }
    }
}
