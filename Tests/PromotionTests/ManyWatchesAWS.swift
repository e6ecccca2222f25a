import AWSClient
import HTTPTransport
import Promotion
import Synchronization

/// AWS with many Global Datastores, and a zone with many records, a hundred and three hundred a page.
final class ManyWatchesAWS: HTTPExecutor {
    struct State {
        /// In the order of the list.
        var datastores: [String] = []
        /// Sorted.
        var names: [String] = []
        /// The code of the error of each list, and its status.
        var listFailure: (status: Int, code: String)?
        /// CloudWatch's answers, in the order of the requests.
        var measurements: [String] = []
        fileprivate(set) var lists = 0
        fileprivate(set) var singles: [String] = []
        fileprivate(set) var pages = 0
        fileprivate(set) var forms: [[String: String]] = []
    }

    private let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    /// How many pages of the list of all datastores were read.
    var lists: Int { state.withLock { $0.lists } }
    /// The datastores that were read one by one.
    var singles: [String] { state.withLock { $0.singles } }
    /// How many pages of the zone were read.
    var pages: Int { state.withLock { $0.pages } }
    /// What CloudWatch was asked.
    var forms: [[String: String]] { state.withLock { $0.forms } }

    func client(_ world: World) throws -> AWSClient {
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2",
        ]
        return AWSClient(
            configuration: try AWSConfiguration(environment: environment, version: "1"), executor: self,
            hooks: AWSHooks(now: { world.clock.now }, sleep: { world.clock.pass($0) }))
    }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let (status, text) = state.withLock { state in
            if request.method == "GET" { return Self.recordSets(Self.fields(request.url), &state) }
            let form = Self.fields(String(decoding: request.body, as: UTF8.self))
            guard form["Action"] == "DescribeGlobalReplicationGroups" else {
                state.forms.append(form)
                return (200, state.measurements.isEmpty ? "" : state.measurements.removeFirst())
            }
            return Self.datastores(form, &state)
        }
        return HTTPResponse(status: status, body: Array(text.utf8))
    }

    private static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for field in (text.split(separator: "?").last ?? "").split(separator: "&") {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        return fields
    }

    private static func error(_ status: Int, _ code: String) -> (Int, String) {
        (status, "<ErrorResponse><Error><Code>\(code)</Code><Message>no</Message></Error></ErrorResponse>")
    }

    private static func datastores(_ form: [String: String], _ state: inout State) -> (Int, String) {
        let groups: [String]
        var marker = ""
        if let id = form["GlobalReplicationGroupId"] {
            state.singles.append(id)
            groups = state.datastores.filter { $0 == id.lowercased() }
            guard !groups.isEmpty else { return error(404, "GlobalReplicationGroupNotFoundFault") }
        } else {
            state.lists += 1
            if let failure = state.listFailure { return error(failure.status, failure.code) }
            let rest = state.datastores.dropFirst(Int(form["Marker"] ?? "0") ?? 0)
            groups = Array(rest.prefix(100))
            if rest.count > 100 { marker = "<Marker>\(rest.startIndex + 100)</Marker>" }
        }
        let texts = groups.map { id in
            "<GlobalReplicationGroup><GlobalReplicationGroupId>\(id)</GlobalReplicationGroupId><Status>available</Status>"
                + "<Members><GlobalReplicationGroupMember><ReplicationGroupId>\(id)-west</ReplicationGroupId>"
                + "<ReplicationGroupRegion>us-west-2</ReplicationGroupRegion><Role>SECONDARY</Role>"
                + "<Status>associated</Status></GlobalReplicationGroupMember></Members></GlobalReplicationGroup>"
        }
        return (
            200,
            "<DescribeGlobalReplicationGroupsResponse><DescribeGlobalReplicationGroupsResult>\(marker)"
                + "<GlobalReplicationGroups>\(texts.joined())</GlobalReplicationGroups>"
                + "</DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>"
        )
    }

    private static func recordSets(_ query: [String: String], _ state: inout State) -> (Int, String) {
        state.pages += 1
        if let failure = state.listFailure { return error(failure.status, failure.code) }
        let start = query["name"] ?? ""
        let rest = state.names.drop { $0 < start && "\($0)." != start }
        let sets = rest.prefix(300).map { name in
            "<ResourceRecordSet><Name>\(name).</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord>"
                + "<Value>10.0.0.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>"
        }
        let next = rest.dropFirst(300).first.map {
            "<NextRecordName>\($0).</NextRecordName><NextRecordType>A</NextRecordType>"
        }
        return (
            200,
            "<ListResourceRecordSetsResponse><ResourceRecordSets>\(sets.joined())</ResourceRecordSets>"
                + "<IsTruncated>\(next != nil)</IsTruncated>\(next ?? "")<MaxItems>300</MaxItems>"
                + "</ListResourceRecordSetsResponse>"
        )
    }
}
