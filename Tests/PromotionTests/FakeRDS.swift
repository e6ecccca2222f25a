import HTTPTransport
import Synchronization

/// RDS with one global cluster, whose promotions are answered as scripted.
final class FakeRDS: HTTPExecutor {
    struct State {
        var writer: String? = GlobalClustersTests.east
        var westStatus: String? = "connected"
        var failoverStatus: String?
        var hasWest = true
        /// Of what is accepted.
        var losesAnswers = false
        /// Of the next changes; accepted where there is none left.
        var answers: [CannedAWS.Answer] = []
        fileprivate(set) var bodies: [String] = []
    }

    private let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    /// The bodies of what changes something.
    var changes: [String] { state.withLock { $0.bodies }.filter { !$0.contains("Action=Describe") } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let body = String(decoding: request.body, as: UTF8.self)
        let answer = state.withLock { state -> CannedAWS.Answer in
            state.bodies.append(body)
            if body.contains("Action=DescribeGlobalClusters") {
                return .xml(
                    200,
                    "<DescribeGlobalClustersResponse><DescribeGlobalClustersResult><GlobalClusters>"
                        + "<GlobalClusterMember>\(Self.cluster(state))</GlobalClusterMember></GlobalClusters>"
                        + "</DescribeGlobalClustersResult></DescribeGlobalClustersResponse>")
            }
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            let action = body.split(separator: "&")[0].dropFirst("Action=".count)
            if action == "RemoveFromGlobalCluster" {
                state.hasWest = false
            } else {
                state.failoverStatus = "pending"
            }
            if state.losesAnswers { return .lost }
            return .xml(
                200,
                "<\(action)Response><\(action)Result><GlobalCluster>\(Self.cluster(state))</GlobalCluster>"
                    + "</\(action)Result></\(action)Response>")
        }
        guard case .xml(let status, let text) = answer else {
            throw HTTPTransportError(
                code: .connectionLost, activity: "POST", reason: "scripted", requestMayHaveBeenSent: true)
        }
        return HTTPResponse(status: status, body: Array(text.utf8))
    }

    private static func cluster(_ state: State) -> String {
        func member(_ arn: String, _ status: String?) -> String {
            "<GlobalClusterMember><DBClusterArn>\(arn)</DBClusterArn><IsWriter>\(arn == state.writer)</IsWriter>"
                + (status.map { "<SynchronizationStatus>\($0)</SynchronizationStatus>" } ?? "")
                + "</GlobalClusterMember>"
        }
        let west = state.hasWest ? member(GlobalClustersTests.west, state.westStatus) : ""
        return "<GlobalClusterIdentifier>orders</GlobalClusterIdentifier><Status>available</Status>"
            + "<GlobalClusterMembers>\(member(GlobalClustersTests.east, nil))\(west)</GlobalClusterMembers>"
            + "<FailoverState>\(state.failoverStatus.map { "<Status>\($0)</Status>" } ?? "")</FailoverState>"
    }
}
