import Foundation

/// ChangeResourceRecordSets and GetChange. What AWS would refuse of a single record set is checked only
/// as far as a program that writes address and CNAME records can get it wrong.
extension Route53Service {
    /// Of one batch; an UPSERT counts twice.
    static let mostChanges = 1000

    func changeResourceRecordSets(_ call: ServiceCall) throws -> ServiceAnswer {
        guard let root = try? XMLElement.parse(String(decoding: call.request.body, as: UTF8.self)),
            root.name == "ChangeResourceRecordSetsRequest", let batch = root.child("ChangeBatch"),
            let elements = batch.child("Changes")?.children, !elements.isEmpty
        else {
            throw AWSFailure(400, "MalformedInput", "The XML is not a ChangeResourceRecordSetsRequest with changes.")
        }
        let changes = try elements.map(Self.change)
        guard changes.reduce(0, { $0 + ($1.action == "UPSERT" ? 2 : 1) }) <= Self.mostChanges else {
            throw AWSFailure(400, "InvalidChangeBatch", "[Number of records limit of \(Self.mostChanges) exceeded.]")
        }
        let info = try world.update { state in
            var zone = try zone(call, in: state)
            var complaints: [String] = []
            for change in changes {
                if change.action != "DELETE", let id = change.record.healthCheckID, state.healthChecks[id] == nil {
                    throw World.noSuchHealthCheck(id)
                }
                if let complaint = Self.apply(change, to: &zone) { complaints.append(complaint) }
            }
            guard complaints.isEmpty else {
                throw AWSFailure(400, "InvalidChangeBatch", "[\(complaints.joined(separator: ", "))]")
            }
            state.zones[zone.id] = zone
            let info = RecordChange(
                id: "C" + call.requestID.replacing("-", with: "").uppercased().prefix(20), submittedAt: clock.now,
                comment: batch.value("Comment")
            )
            state.changes[info.id] = info
            return info
        }
        clock.schedule(after: propagationTime) { [weak world] in world?.markInSync(info.id) }
        return answer("ChangeResourceRecordSetsResponse", info)
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

    /// - Returns: what is wrong with the change.
    private static func apply(_ change: Change, to zone: inout HostedZone) -> String? {
        let record = change.record
        let label =
            "[name='\(record.name)', type='\(record.type)'"
            + (record.setIdentifier.map { ", set-identifier='\($0)'" } ?? "") + "]"
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
        if !record.name.isWithin(zone.name) {
            return "RRSet with DNS name \(record.name) is not permitted in zone \(zone.name)"
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
