import AWSClient
import HTTPTransport
import Promotion
import Synchronization

/// AWS as a script of XML: the real clients in front of it, no network behind.
final class CannedAWS: HTTPExecutor {
    enum Answer: Sendable {
        case xml(Int, String)
        /// The connection broke after the request was sent.
        case lost

        static func error(_ status: Int, _ code: String) -> Answer {
            .xml(
                status,
                "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>no</Message></Error>"
                    + "<RequestId>r</RequestId></ErrorResponse>")
        }
    }

    struct State {
        var members = [
            (id: "sessions-east", region: "us-east-1", role: "PRIMARY", status: "<Status>associated</Status>"),
            (id: "sessions-west", region: "us-west-2", role: "SECONDARY", status: "<Status>associated</Status>"),
        ]
        var status = "available"
        var recordSets = ""
        /// Of the next promotions; accepted where there is none left.
        var answers: [Answer] = []
        fileprivate var actions: [String] = []
        fileprivate var promotions: [String] = []
        fileprivate var deadlines: [ContinuousClock.Instant?] = []
    }

    private let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    /// The operations asked for, in their order.
    var actions: [String] { state.withLock { $0.actions } }
    /// The bodies of the promotions asked for.
    var promotions: [String] { state.withLock { $0.promotions } }
    var deadlines: [ContinuousClock.Instant?] { state.withLock { $0.deadlines } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let body = String(decoding: request.body, as: UTF8.self)
        let answer = state.withLock { state in
            state.deadlines.append(deadline)
            return Self.answer(request.method, body, &state)
        }
        guard case .xml(let status, let text) = answer else {
            throw HTTPTransportError(
                code: .connectionLost, activity: "POST", reason: "scripted", requestMayHaveBeenSent: true)
        }
        return HTTPResponse(status: status, body: Array(text.utf8))
    }

    private static func answer(_ method: String, _ body: String, _ state: inout State) -> Answer {
        if method == "GET" {
            state.actions.append("ListResourceRecordSets")
            return .xml(
                200,
                "<ListResourceRecordSetsResponse><ResourceRecordSets>\(state.recordSets)</ResourceRecordSets>"
                    + "<IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>")
        }
        let isPromotion = body.contains("Action=FailoverGlobalReplicationGroup")
        let action = isPromotion ? "FailoverGlobalReplicationGroup" : "DescribeGlobalReplicationGroups"
        state.actions.append(action)
        guard isPromotion else {
            return .xml(
                200,
                "<\(action)Response><\(action)Result><GlobalReplicationGroups>\(group(state))"
                    + "</GlobalReplicationGroups></\(action)Result></\(action)Response>")
        }
        state.promotions.append(body)
        if !state.answers.isEmpty { return state.answers.removeFirst() }
        state.status = "modifying"
        return .xml(200, "<\(action)Response><\(action)Result>\(group(state))</\(action)Result></\(action)Response>")
    }

    private static func group(_ state: State) -> String {
        let members = state.members.map { member in
            "<GlobalReplicationGroupMember><ReplicationGroupId>\(member.id)</ReplicationGroupId>"
                + "<ReplicationGroupRegion>\(member.region)</ReplicationGroupRegion><Role>\(member.role)</Role>"
                + "<AutomaticFailover>enabled</AutomaticFailover>\(member.status)</GlobalReplicationGroupMember>"
        }
        return "<GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId>"
            + "<Status>\(state.status)</Status><Members>\(members.joined())</Members></GlobalReplicationGroup>"
    }

    static func aliasSet(_ region: World.Region) -> String {
        "<ResourceRecordSet><Name>app.example.com.</Name><Type>A</Type><SetIdentifier>\(region)</SetIdentifier>"
            + "<Failover>\(region == .east ? "PRIMARY" : "SECONDARY")</Failover>"
            + "<AliasTarget><HostedZoneId>Z35SXDOTRQ7X7K</HostedZoneId><DNSName>\(region.target.uppercased()).</DNSName>"
            + "<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>"
    }
}
