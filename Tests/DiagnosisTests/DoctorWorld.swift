import Functions
import HTTPTransport
import NameResolution
import Synchronization

@testable import Diagnosis

/// An AWS that has all that a doctor asks for, as the request says; tests change the answers of operations. The name
/// leads to us-west-2, and the primary is there.
final class DoctorWorld: HTTPExecutor, Resolver {
    struct Answer: Sendable {
        var status = 200
        var body: String
    }

    /// By operation: what is answered instead; nil for no connection.
    let changes: [String: Answer?]
    /// Names that are not known.
    let missingNames: Set<String>
    private let operations = Mutex<[String]>([])

    /// After so many requests there is no connection any more; nil for never.
    let answersBeforeSilence: Int?

    let silentHosts: Set<String>
    /// Operations that are not answered before another one was asked for, by that one's name.
    let held: [String: String]

    init(
        _ changes: [String: Answer?] = [:], missingNames: Set<String> = [], answersBeforeSilence: Int? = nil,
        silentHosts: Set<String> = [], held: [String: String] = [:]
    ) {
        self.held = held
        self.silentHosts = silentHosts
        self.changes = changes
        self.missingNames = missingNames
        self.answersBeforeSilence = answersBeforeSilence
    }

    var asked: [String] { operations.withLock { $0 } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let operation = Self.operation(of: request)
        let count = operations.withLock { operations in
            operations.append(operation)
            return operations.count
        }
        if let awaited = held[operation] {
            while !asked.contains(awaited), deadline.map({ .now < $0 }) ?? true { await Task.yield() }
            guard asked.contains(awaited) else { throw Self.noConnection(request) }
        }
        let isSilent =
            answersBeforeSilence.map { count > $0 } ?? false
            || silentHosts.contains { request.url.contains("//\($0)/") }
        let answer = changes[operation] ?? Self.answers[operation]
        guard !isSilent, let answer = answer ?? nil else {
            throw Self.noConnection(request)
        }
        return HTTPResponse(status: answer.status, body: Array(answer.body.utf8))
    }

    private static func noConnection(_ request: HTTPRequest) -> HTTPTransportError {
        HTTPTransportError(
            code: .connectFailed, activity: "\(request.method) \(request.url)", reason: "closed",
            requestMayHaveBeenSent: false)
    }

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        guard !missingNames.contains(name) else { throw ResolutionError(.notFound, name: name, reason: "no") }
        let address = name.contains("us-east-1") ? "10.0.0.1" : "10.0.0.2"
        return ResolvedName(canonicalName: name, addresses: [IPAddress(address)].compactMap { $0 })
    }

    /// The query and JSON protocols name it, REST has it in the path; `ping sns` for a ping.
    private static func operation(of request: HTTPRequest) -> String {
        if request.url.hasSuffix("/ping") {
            let host = request.url.split(separator: "/").dropFirst().first ?? ""
            return "ping \(host.split(separator: ".").first ?? "")"
        }
        if let target = request.headers["X-Amz-Target"] { return String(target.split(separator: ".").last ?? "") }
        if request.url.contains("/rrset") {
            guard request.method == "GET" else { return "ChangeResourceRecordSets" }
            return request.url.contains("name=redis.")
                ? "ListResourceRecordSets redis.example.com" : "ListResourceRecordSets"
        }
        if request.url.contains("/hostedzone/") { return "GetHostedZone" }
        if request.url.contains("/concurrency") { return "GetFunctionConcurrency" }
        if request.url.contains("/functions/") { return "GetFunctionConfiguration" }
        let body = String(decoding: request.body, as: UTF8.self)
        return String(body.split(separator: "&").first?.dropFirst("Action=".count) ?? "")
    }

    static func denied(_ code: String = "AccessDenied") -> Answer {
        let error = "<Error><Code>\(code)</Code><Message>no</Message></Error><RequestId>r</RequestId>"
        return Answer(status: 403, body: "<ErrorResponse>\(error)</ErrorResponse>")
    }

    static let deniedInJSON = Answer(status: 400, body: #"{"__type":"AccessDeniedException","message":"no"}"#)

    static func query(_ operation: String, _ result: String) -> Answer {
        Answer(body: "<\(operation)Response><\(operation)Result>\(result)</\(operation)Result></\(operation)Response>")
    }

    static func simulation(_ decision: String) -> Answer {
        let actions = ["elasticache:FailoverGlobalReplicationGroup", "sns:Publish", "ssm:PutParameter"]
        let results = actions.map {
            "<member><EvalActionName>\($0)</EvalActionName><EvalResourceName>arn:x</EvalResourceName>"
                + "<EvalDecision>\(decision)</EvalDecision></member>"
        }
        return query("SimulatePrincipalPolicy", "<EvaluationResults>\(results.joined())</EvaluationResults>")
    }

    private static func record(_ region: String) -> String {
        "<ResourceRecordSet><Name>app.example.com.</Name><Type>CNAME</Type><SetIdentifier>\(region)</SetIdentifier>"
            + "<Failover>\(region == "us-east-1" ? "PRIMARY" : "SECONDARY")</Failover><TTL>60</TTL>"
            + "<ResourceRecords><ResourceRecord><Value>app-1.\(region).elb.amazonaws.com</Value></ResourceRecord>"
            + "</ResourceRecords></ResourceRecordSet>"
    }

    static func group(_ members: String) -> Answer {
        query(
            "DescribeGlobalReplicationGroups",
            "<GlobalReplicationGroups><GlobalReplicationGroup>"
                + "<GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId><Status>available</Status>"
                + "<Members>\(members)</Members></GlobalReplicationGroup></GlobalReplicationGroups>")
    }

    static func member(_ id: String, _ region: String, _ role: String) -> String {
        "<GlobalReplicationGroupMember><ReplicationGroupId>\(id)</ReplicationGroupId>"
            + "<ReplicationGroupRegion>\(region)</ReplicationGroupRegion><Role>\(role)</Role>"
            + "<AutomaticFailover>enabled</AutomaticFailover><Status>associated</Status></GlobalReplicationGroupMember>"
    }

    /// - Parameter groups: by their ids the datastore that each is a member of; nil for one that stands alone.
    static func replicationGroups(_ groups: [String: String?]) -> Answer {
        let list = groups.sorted { $0.key < $1.key }.map { id, datastore in
            let info = datastore.map {
                "<GlobalReplicationGroupInfo><GlobalReplicationGroupId>\($0)</GlobalReplicationGroupId>"
                    + "<GlobalReplicationGroupMemberRole>SECONDARY</GlobalReplicationGroupMemberRole>"
                    + "</GlobalReplicationGroupInfo>"
            }
            return "<ReplicationGroup><ReplicationGroupId>\(id)</ReplicationGroupId><Status>available</Status>"
                + "\(info ?? "")</ReplicationGroup>"
        }
        return query("DescribeReplicationGroups", "<ReplicationGroups>\(list.joined())</ReplicationGroups>")
    }

    static func function(handler: String = "promoter", variables: String = #"{"CONFIRMATIONS":"3"}"#) -> Answer {
        Answer(
            body:
                #"{"FunctionArn":"arn:aws:lambda:us-west-2:111122223333:function:promoter","Timeout":15,"MemorySize":128,"#
                + #""Role":"arn:aws:iam::111122223333:role/apps/promoter","Handler":"\#(handler)","#
                + #""Architectures":["arm64"],"Environment":{"Variables":\#(variables)}}"#)
    }

    private static let answers: [String: Answer?] = [
        "GetCallerIdentity": query(
            "GetCallerIdentity",
            "<Arn>arn:aws:sts::111122223333:assumed-role/promoter/me</Arn><UserId>A</UserId><Account>111122223333</Account>"
        ),
        "ListResourceRecordSets": Answer(
            body: "<ListResourceRecordSetsResponse><ResourceRecordSets>\(record("us-east-1"))\(record("us-west-2"))"
                + "</ResourceRecordSets><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>"),
        "DescribeGlobalReplicationGroups": group(
            member("sessions-use1", "us-east-1", "SECONDARY") + member("sessions-usw2", "us-west-2", "PRIMARY")),
        "DescribeReplicationGroups": replicationGroups(["sessions-use1": nil, "my": nil, "old": nil]),
        "GetTopicAttributes": query(
            "GetTopicAttributes",
            "<Attributes><entry><key>SubscriptionsConfirmed</key><value>1</value></entry></Attributes>"),
        "GetParameter": Answer(body: #"{"Parameter":{"Name":"/p","Value":"running","Version":1}}"#),
        "ListMetrics": query(
            "ListMetrics",
            "<Metrics><member><Namespace>AWS/ElastiCache</Namespace><MetricName>GlobalDatastoreReplicationLag</MetricName>"
                + "<Dimensions><member><Name>CacheClusterId</Name><Value>sessions-usw2-001</Value></member></Dimensions>"
                + "</member></Metrics>"),
        "GetMetricData": query("GetMetricData", "<MetricDataResults/>"),
        "SimulatePrincipalPolicy": simulation("allowed"),
        "GetFunctionConfiguration": function(),
        "GetFunctionConcurrency": Answer(body: #"{"ReservedConcurrentExecutions":1}"#),
        "ListRuleNamesByTarget": Answer(body: #"{"RuleNames":["every-minute"]}"#),
        "DescribeRule": Answer(
            body: #"{"Name":"every-minute","ScheduleExpression":"rate(1 minute)","State":"ENABLED"}"#),
        "ping elasticache": Answer(status: 404, body: ""), "ping route53": Answer(body: "healthy"),
        "ping sns": Answer(status: 302, body: ""), "ping ssm": Answer(body: "{}"),
        "ping monitoring": Answer(body: "healthy"),
    ]

    /// What is found of the environment of the tests, changed so.
    func examine(
        _ variables: [String: String?] = [:], function: String? = nil, options: [String: String] = [:],
        watch: String? = nil
    ) async -> DoctorReport {
        let base: [String: String?] = [
            "AWS_REGION": "us-west-2", "CHECK_INTERVAL_SECONDS": "1", "CONFIRMATIONS": "2", "HOLD_DOWN_SECONDS": "300",
            "CACHE_MAX_AGE_SECONDS": "300",
        ].merging(credentials) { $1 }
        let doctor = Doctor(
            environment: environment(base.merging(variables) { $1 }),
            options: .init(variables: options, function: function, watch: watch), executor: self, resolver: self)
        return await doctor.examine()
    }
}

extension DoctorReport {
    /// The codes of a level, in their order.
    func codes(_ level: Finding.Level) -> [Finding.Code] { findings.filter { $0.level == level }.map(\.code) }
}
