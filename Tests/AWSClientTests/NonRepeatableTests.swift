import AWSClient
import HTTPTransport
import Testing

@Suite struct NonRepeatableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var outcome: FakeExecutor.Outcome
        var isSentAgain: Bool
        /// Where it is all that comes.
        var outcomeIsUnknown: Bool

        var testDescription: String { name }
    }

    enum Change: String, CaseIterable, Sendable {
        case promoting = "FailoverGlobalReplicationGroup"
        case detaching = "DisassociateGlobalReplicationGroup"
        case failingOver = "FailoverGlobalCluster"
        case switchingOver = "SwitchoverGlobalCluster"
        case removing = "RemoveFromGlobalCluster"

        private var isOfElastiCache: Bool { self == .promoting || self == .detaching }

        var accepted: FakeExecutor.Outcome {
            let host = isOfElastiCache ? "elasticache.amazonaws.com/doc/2015-02-02" : "rds.amazonaws.com/doc/2014-10-31"
            let group =
                isOfElastiCache
                ? "<GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-test</GlobalReplicationGroupId>"
                    + "<Status>modifying</Status></GlobalReplicationGroup>"
                : "<GlobalCluster><GlobalClusterIdentifier>orders</GlobalClusterIdentifier>"
                    + "<Status>available</Status></GlobalCluster>"
            return .xml(
                200,
                """
                <\(rawValue)Response xmlns="http://\(host)/"><\(rawValue)Result>\(group)</\(rawValue)Result>
                </\(rawValue)Response>
                """)
        }
    }

    static let cases = [
        Case(name: "throttled", outcome: .error(400, "Throttling"), isSentAgain: true, outcomeIsUnknown: false),
        Case(name: "throttled with 503", outcome: .error(503, "SlowDown"), isSentAgain: true, outcomeIsUnknown: false),
        Case(
            name: "no connection", outcome: .failure(.connectFailed, sent: false), isSentAgain: true,
            outcomeIsUnknown: false),
        Case(
            name: "no name", outcome: .failure(.nameNotResolved, sent: false), isSentAgain: true,
            outcomeIsUnknown: false),
        Case(
            name: "time over before anything was sent", outcome: .failure(.deadlineExceeded, sent: false),
            isSentAgain: true, outcomeIsUnknown: false),
        Case(
            name: "clock is off",
            outcome: .error(403, "RequestTimeTooSkewed", headers: ["Date": "Sun, 30 Aug 2015 13:00:00 GMT"]),
            isSentAgain: true, outcomeIsUnknown: false),
        Case(name: "lost", outcome: .failure(.connectionLost, sent: true), isSentAgain: false, outcomeIsUnknown: true),
        Case(
            name: "no answer in time", outcome: .failure(.deadlineExceeded, sent: true), isSentAgain: false,
            outcomeIsUnknown: true),
        Case(name: "cancelled", outcome: .failure(.cancelled, sent: true), isSentAgain: false, outcomeIsUnknown: true),
        Case(
            name: "refused by the transport", outcome: .failure(.invalidRequest, sent: false), isSentAgain: false,
            outcomeIsUnknown: false),
        Case(name: "500 of AWS", outcome: .error(500, "InternalFailure"), isSentAgain: false, outcomeIsUnknown: true),
        Case(
            name: "400 with an internal error", outcome: .error(400, "InternalFailure"), isSentAgain: false,
            outcomeIsUnknown: true),
        Case(
            name: "RequestTimeout", outcome: .error(400, "RequestTimeout"), isSentAgain: false, outcomeIsUnknown: true),
        Case(name: "502 of a proxy", outcome: .xml(502, "<html></html>"), isSentAgain: false, outcomeIsUnknown: true),
        Case(name: "503 without body", outcome: .xml(503, ""), isSentAgain: false, outcomeIsUnknown: true),
        Case(name: "half a 200", outcome: .xml(200, "<FailoverGlobal"), isSentAgain: false, outcomeIsUnknown: true),
        Case(
            name: "a 200 of somebody else", outcome: .xml(200, "<html></html>"), isSentAgain: false,
            outcomeIsUnknown: true),
        Case(name: "redirect", outcome: .xml(302, ""), isSentAgain: false, outcomeIsUnknown: true),
        Case(
            name: "wrong state", outcome: .error(400, "InvalidGlobalReplicationGroupState"), isSentAgain: false,
            outcomeIsUnknown: false),
        Case(name: "denied", outcome: .error(403, "AccessDenied"), isSentAgain: false, outcomeIsUnknown: false),
    ]

    private func make(_ change: Change, _ executor: FakeExecutor, _ world: World) async throws -> AWSError? {
        let elastiCache = ElastiCache(try world.client(executor))
        let rds = RDS(try world.client(executor))
        let arn = "arn:aws:rds:eu-west-1:123456789012:cluster:orders-eu"
        return await awsError {
            switch change {
            case .failingOver:
                _ = try await rds.failoverGlobalCluster(id: "orders", targetClusterARN: arn, deadline: world.deadline)
            case .switchingOver:
                _ = try await rds.switchoverGlobalCluster(id: "orders", targetClusterARN: arn, deadline: world.deadline)
            case .removing:
                _ = try await rds.removeFromGlobalCluster(id: "orders", clusterARN: arn, deadline: world.deadline)
            case .promoting:
                _ = try await elastiCache.failoverGlobalReplicationGroup(
                    id: "ldgnf-test", primaryRegion: "eu-west-1", primaryReplicationGroupID: "rg",
                    deadline: world.deadline)
            case .detaching:
                _ = try await elastiCache.disassociateGlobalReplicationGroup(
                    id: "ldgnf-test", replicationGroupID: "rg", replicationGroupRegion: "eu-west-1",
                    deadline: world.deadline)
            }
        }
    }

    @Test("A change is sent again only where AWS certainly did not act", arguments: cases, Change.allCases)
    func sendingAgain(_ testCase: Case, change: Change) async throws {
        let executor = FakeExecutor(testCase.outcome, change.accepted)
        let error = try await make(change, executor, World())
        #expect(executor.requests.count == (testCase.isSentAgain ? 2 : 1))
        #expect((error == nil) == testCase.isSentAgain)
    }

    @Test("The error says whether AWS may have acted", arguments: cases, Change.allCases)
    func outcome(_ testCase: Case, change: Change) async throws {
        let error = try await make(change, FakeExecutor(testCase.outcome), World())
        #expect(error?.outcomeIsUnknown == testCase.outcomeIsUnknown)
    }

    @Test(
        "Every attempt goes over a connection of its own and has time until the deadline or 20 seconds",
        arguments: Change.allCases)
    func connection(change: Change) async throws {
        let world = World()
        let executor = FakeExecutor(change.accepted)
        let start = world.current.now
        #expect(try await make(change, executor, world) == nil)
        #expect(executor.requests.map(\.needsFreshConnection) == [true])
        #expect(executor.seen.map(\.deadline) == [start + .seconds(20)])
    }

    @Test("What can be repeated uses kept connections")
    func keptConnection() async throws {
        let world = World()
        let executor = FakeExecutor(.identity)
        _ = try await STS(try world.client(executor)).getCallerIdentity(deadline: world.deadline)
        #expect(executor.requests.map(\.needsFreshConnection) == [false])
    }

    @Test("A lost answer after a throttled attempt leaves the outcome unknown")
    func lostLater() async throws {
        let executor = FakeExecutor(.error(400, "Throttling"), .failure(.connectionLost, sent: true))
        let error = try await make(.promoting, executor, World())
        #expect(error?.outcomeIsUnknown == true)
        #expect(executor.requests.count == 2)
    }
}
