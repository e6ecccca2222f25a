import Foundation

/// ChangeResourceRecordSets and GetChange. What AWS would refuse of a single record set is checked only
/// as far as a program that writes address and CNAME records can get it wrong.
extension Route53Service {
    /// Values in one batch; those of an UPSERT count twice.
    static let mostValues = 1000

    func changeResourceRecordSets(_ call: ServiceCall) throws -> ServiceAnswer {
        guard let root = try? XMLElement.parse(String(decoding: call.request.body, as: UTF8.self)),
            root.name == "ChangeResourceRecordSetsRequest", let batch = root.child("ChangeBatch"),
            let elements = batch.child("Changes")?.children, !elements.isEmpty
        else {
            throw AWSFailure(400, "MalformedInput", "The XML is not a ChangeResourceRecordSetsRequest with changes.")
        }
        let changes = try elements.map(Self.change)
        let values = changes.map { max($0.record.values.count, 1) * ($0.action == "UPSERT" ? 2 : 1) }
        guard values.reduce(0, +) <= Self.mostValues else {
            throw AWSFailure(400, "InvalidChangeBatch", "[Number of records limit of \(Self.mostValues) exceeded.]")
        }
        let info = try world.update { state in
            var zone = try zone(call, in: state)
            if zone.takesOneChangeAtATime, state.changes.values.contains(where: { $0.zoneID == zone.id && !$0.inSync })
            {
                throw AWSFailure(
                    400, "PriorRequestNotComplete",
                    "The request was rejected because Route 53 was still processing a prior request."
                )
            }
            var complaints = Self.contradictions(in: changes)
            for change in changes {
                if change.action != "DELETE", let id = change.record.healthCheckID, state.healthChecks[id] == nil {
                    throw World.noSuchHealthCheck(id)
                }
                if let complaint = Self.apply(change, to: &zone) { complaints.append(complaint) }
            }
            guard complaints.isEmpty else {
                var failure = AWSFailure(400, "InvalidChangeBatch", "[\(complaints.joined(separator: ", "))]")
                if zone.listsComplaints { failure.details = complaints }
                throw failure
            }
            state.zones[zone.id] = zone
            let info = RecordChange(
                id: "C" + call.requestID.replacing("-", with: "").uppercased().prefix(20), zoneID: zone.id,
                submittedAt: clock.now, comment: batch.value("Comment")
            )
            state.changes[info.id] = info
            return info
        }
        clock.schedule(after: propagationTime) { [weak world] in world?.markInSync(info.id) }
        return answer("ChangeResourceRecordSetsResponse", info)
    }

    func answer(for failure: AWSFailure, to request: LocalHTTPRequest, requestID: String) -> ServiceAnswer {
        guard !failure.details.isEmpty else { return xmlAnswer(for: failure, requestID: requestID) }
        let body = XML.document(failure.code, xmlns: namespace) { xml in
            xml.element("Messages") { xml in
                for detail in failure.details { xml.element("Message", detail) }
            }
            xml.element("RequestId", requestID)
        }
        return ServiceAnswer(status: failure.status, body: body)
    }

    func getChange(_ call: ServiceCall) throws -> ServiceAnswer {
        let id = call.parameters["Id"] ?? ""
        guard let info = world.snapshot.changes[id] else {
            throw AWSFailure(404, "NoSuchChange", "Could not find resource with ID: \(id)")
        }
        return answer("GetChangeResponse", info)
    }

    private func answer(_ root: String, _ info: RecordChange) -> ServiceAnswer {
        let body = XML.document(root, xmlns: namespace) { xml in
            xml.element("ChangeInfo") { xml in
                xml.element("Id", "/change/\(info.id)")
                xml.element("Status", info.inSync ? "INSYNC" : "PENDING")
                xml.element("SubmittedAt", AWSDate.extended(info.submittedAt))
                xml.element("Comment", info.comment)
            }
        }
        return ServiceAnswer(body: body)
    }

    private struct Change {
        var action: String
        var record: RecordSet
    }

    private static func change(_ element: XMLElement) throws(AWSFailure) -> Change {
        guard let action = element.value("Action"), ["CREATE", "DELETE", "UPSERT"].contains(action),
            let set = element.child("ResourceRecordSet"), let name = set.value("Name"), let type = set.value("Type")
        else {
            throw AWSFailure(
                400, "MalformedInput", "A Change needs an Action and a ResourceRecordSet with Name and Type.")
        }
        let alias = set.child("AliasTarget").map { alias in
            RecordSet.Alias(
                hostedZoneID: alias.value("HostedZoneId") ?? "", dnsName: DNSName(alias.value("DNSName") ?? ""),
                evaluateTargetHealth: alias.value("EvaluateTargetHealth") == "true"
            )
        }
        let record = RecordSet(
            name: DNSName(name), type: type, setIdentifier: set.value("SetIdentifier"),
            failover: set.value("Failover").flatMap(RecordSet.Failover.init),
            weight: set.value("Weight").flatMap { Int($0) },
            region: set.value("Region"), multiValueAnswer: set.value("MultiValueAnswer") == "true",
            ttl: set.value("TTL").flatMap { Int($0) },
            values: set.child("ResourceRecords")?.children.compactMap { $0.value("Value") } ?? [], alias: alias,
            healthCheckID: set.value("HealthCheckId")
        )
        return Change(action: action, record: record)
    }

    /// A batch may have one change of a record set, or a DELETE before a CREATE.
    private static func contradictions(in changes: [Change]) -> [String] {
        Dictionary(grouping: changes, by: \.record.key).values
            .filter { $0.count > 1 && $0.map(\.action) != ["DELETE", "CREATE"] }
            .compactMap(\.last).sorted { $0.record.key < $1.record.key }
            .map { change in
                "The request contains an invalid set of changes for a resource record set "
                    + "'\(change.action) \(change.record.type) \(change.record.name)'"
            }
    }

    /// - Returns: what is wrong with the change.
    private static func apply(_ change: Change, to zone: inout HostedZone) -> String? {
        let record = change.record
        let label =
            "[name='\(record.name)', type='\(record.type)'"
            + (record.setIdentifier.map { ", set-identifier='\($0)'" } ?? "") + "]"
        guard record.name.isWithin(zone.name) else {
            return "RRSet with DNS name \(record.name) is not permitted in zone \(zone.name)"
        }
        let existing = zone[key: record.key]
        if change.action == "DELETE" {
            guard let existing else { return "Tried to delete resource record set \(label) but it was not found" }
            guard existing == record else {
                return
                    "Tried to delete resource record set \(label) but the values provided do not match the current values"
            }
            guard record.name != zone.name || !["NS", "SOA"].contains(record.type) else {
                return "A HostedZone must contain at least one NS record and exactly one SOA record for the zone itself"
            }
            zone.remove(record.key)
            return nil
        }
        if let complaint = complaint(about: record, in: zone) { return complaint }
        if change.action == "CREATE", existing != nil {
            return "Tried to create resource record set \(label) but it already exists"
        }
        zone.put(record)
        return nil
    }

    private static func complaint(about record: RecordSet, in zone: HostedZone) -> String? {
        if record.type == "CNAME", record.name == zone.name {
            return "RRSet of type CNAME with DNS name \(record.name) is not permitted at apex in zone \(zone.name)"
        }
        if (record.alias == nil) == record.values.isEmpty || (record.alias == nil) == (record.ttl == nil) {
            return "RRSet \(record.name) must have either an alias target, or a TTL and values"
        }
        let isRouted = record.failover != nil || record.weight != nil || record.region != nil || record.multiValueAnswer
        if isRouted != (record.setIdentifier != nil) {
            return "RRSet \(record.name) must have a set identifier if and only if it has a routing policy"
        }
        let others = zone.records(named: record.name).filter { $0.key != record.key }
        if others.contains(where: { ($0.type == "CNAME") != (record.type == "CNAME") }) {
            return "RRSet of type \(record.type) with DNS name \(record.name) is not permitted as it conflicts with "
                + "other records with the same DNS name in zone \(zone.name)"
        }
        if others.contains(where: {
            $0.type == record.type && ($0.setIdentifier == nil) != (record.setIdentifier == nil)
        }) {
            return "RRSet with DNS name \(record.name), type \(record.type) cannot be created as a non-simple RRSet "
                + "and a simple one at the same time"
        }
        if let failover = record.failover,
            others.contains(where: { $0.type == record.type && $0.failover == failover })
        {
            return "RRSet with DNS name \(record.name), type \(record.type) has a \(failover.rawValue) record already"
        }
        return nil
    }
}
