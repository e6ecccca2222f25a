import Foundation

/// Hosted zones, their record sets, and (in extensions) changes of them and health checks.
struct Route53Service: XMLService {
    let name = "route53"
    let namespace = "https://route53.amazonaws.com/doc/2013-04-01/"
    /// The only one whose signatures Route 53 takes, in the standard partition.
    static let signingRegion = "us-east-1"
    static let mostPerPage = 300

    let world: World
    let clock: LocalClock
    let propagationTime: Duration

    func describe(_ request: LocalHTTPRequest) -> (operation: String, parameters: [String: String]) {
        var parameters = Dictionary(request.queryPairs.map { ($0.name, $0.value) }) { first, _ in first }
        // Path segments after /2013-04-01/, decoded one by one.
        let path = request.path.split(separator: "/").map { FormCoding.decode($0) }.dropFirst()
        guard let resource = path.first else { return ("", parameters) }
        if path.count > 1 { parameters["Id"] = path[path.startIndex + 1] }
        switch (request.method, resource, path.count, path.last) {
        case ("GET", "hostedzone", 1, _): return ("ListHostedZones", parameters)
        case ("GET", "hostedzone", 2, _): return ("GetHostedZone", parameters)
        case ("GET", "hostedzone", 3, "rrset"): return ("ListResourceRecordSets", parameters)
        case ("POST", "hostedzone", 3, "rrset"): return ("ChangeResourceRecordSets", parameters)
        case ("GET", "change", 2, _): return ("GetChange", parameters)
        case ("POST", "healthcheck", 1, _): return ("CreateHealthCheck", parameters)
        case ("GET", "healthcheck", 1, _): return ("ListHealthChecks", parameters)
        case ("GET", "healthcheck", 2, _): return ("GetHealthCheck", parameters)
        case ("POST", "healthcheck", 2, _): return ("UpdateHealthCheck", parameters)
        case ("DELETE", "healthcheck", 2, _): return ("DeleteHealthCheck", parameters)
        case ("GET", "healthcheck", 3, "status"): return ("GetHealthCheckStatus", parameters)
        default: return ("", parameters)
        }
    }

    func perform(_ call: ServiceCall) throws -> ServiceAnswer {
        guard call.region == Self.signingRegion else {
            throw AWSFailure(
                403, "SignatureDoesNotMatch",
                "Credential should be scoped to a valid region, not '\(call.region)'. It must be \(Self.signingRegion)."
            )
        }
        return switch call.operation {
        case "ListHostedZones": try listHostedZones(call)
        case "GetHostedZone": try getHostedZone(call)
        case "ListResourceRecordSets": try listResourceRecordSets(call)
        case "ChangeResourceRecordSets": try changeResourceRecordSets(call)
        case "GetChange": try getChange(call)
        case "CreateHealthCheck": try createHealthCheck(call)
        case "ListHealthChecks": try listHealthChecks(call)
        case "GetHealthCheck": try getHealthCheck(call)
        case "UpdateHealthCheck": try updateHealthCheck(call)
        case "DeleteHealthCheck": try deleteHealthCheck(call)
        case "GetHealthCheckStatus": try getHealthCheckStatus(call)
        default: throw AWSFailure(404, "UnknownOperationException", "There is no such operation here.")
        }
    }

    func zone(_ call: ServiceCall, in state: WorldState) throws(AWSFailure) -> HostedZone {
        let id = call.parameters["Id"] ?? ""
        guard let zone = state.zones[id] else {
            throw AWSFailure(404, "NoSuchHostedZone", "No hosted zone found with ID: \(id)")
        }
        return zone
    }

    // MARK: Hosted zones

    private func listHostedZones(_ call: ServiceCall) throws -> ServiceAnswer {
        let limit = try Self.pageSize(call.parameters["maxitems"], most: 100)
        var zones = world.snapshot.zones.values.sorted { $0.id < $1.id }
        if let marker = call.parameters["marker"] {
            guard let start = zones.firstIndex(where: { $0.id == marker }) else {
                throw AWSFailure(404, "NoSuchHostedZone", "No hosted zone found with ID: \(marker)")
            }
            zones.removeFirst(start)
        }
        let body = XML.document("ListHostedZonesResponse", xmlns: namespace) { xml in
            xml.element("HostedZones") { xml in
                for zone in zones.prefix(limit) { Self.write(zone, into: &xml) }
            }
            xml.element("Marker", call.parameters["marker"] ?? "")
            xml.element("IsTruncated", zones.count > limit)
            xml.element("NextMarker", zones.count > limit ? zones[limit].id : nil)
            xml.element("MaxItems", limit)
        }
        return ServiceAnswer(body: body)
    }

    private func getHostedZone(_ call: ServiceCall) throws -> ServiceAnswer {
        let zone = try zone(call, in: world.snapshot)
        let servers = zone[key: RecordSet.Key(name: zone.name, type: "NS")]?.values ?? []
        let body = XML.document("GetHostedZoneResponse", xmlns: namespace) { xml in
            Self.write(zone, into: &xml)
            xml.element("DelegationSet") { xml in
                xml.element("NameServers") { xml in
                    for server in servers { xml.element("NameServer", String(server.dropLast())) }
                }
            }
        }
        return ServiceAnswer(body: body)
    }

    private static func write(_ zone: HostedZone, into xml: inout XML) {
        xml.element("HostedZone") { xml in
            xml.element("Id", "/hostedzone/\(zone.id)")
            xml.element("Name", zone.name.description)
            xml.element("CallerReference", "local-aws-\(zone.id)")
            xml.element("Config") { $0.element("PrivateZone", false) }
            xml.element("ResourceRecordSetCount", zone.records.count)
        }
    }

    // MARK: Record sets

    private func listResourceRecordSets(_ call: ServiceCall) throws -> ServiceAnswer {
        let limit = try Self.pageSize(call.parameters["maxitems"], most: Self.mostPerPage)
        let name = call.parameters["name"]
        let type = call.parameters["type"]
        let identifier = call.parameters["identifier"]
        if type != nil, name == nil {
            throw AWSFailure(400, "InvalidInput", "The input is not valid: type without name.")
        }
        if identifier != nil, type == nil {
            throw AWSFailure(400, "InvalidInput", "The input is not valid: identifier without name and type.")
        }
        let start = name.map { RecordSet.Key(name: DNSName($0), type: type ?? "", setIdentifier: identifier ?? "") }
        let page = try zone(call, in: world.snapshot).page(from: start, limit: limit)
        let body = XML.document("ListResourceRecordSetsResponse", xmlns: namespace) { xml in
            xml.element("ResourceRecordSets") { xml in
                for record in page.records { Self.write(record, into: &xml) }
            }
            xml.element("IsTruncated", page.next != nil)
            xml.element("NextRecordName", page.next?.name.description)
            xml.element("NextRecordType", page.next?.type)
            xml.element("NextRecordIdentifier", page.next?.setIdentifier)
            xml.element("MaxItems", limit)
        }
        return ServiceAnswer(body: body)
    }

    private static func write(_ record: RecordSet, into xml: inout XML) {
        xml.element("ResourceRecordSet") { xml in
            xml.element("Name", record.name.description)
            xml.element("Type", record.type)
            xml.element("SetIdentifier", record.setIdentifier)
            xml.element("Weight", record.weight)
            xml.element("Region", record.region)
            xml.element("Failover", record.failover?.rawValue)
            if record.multiValueAnswer { xml.element("MultiValueAnswer", true) }
            xml.element("TTL", record.ttl)
            if !record.values.isEmpty {
                xml.element("ResourceRecords") { xml in
                    for value in record.values { xml.element("ResourceRecord") { $0.element("Value", value) } }
                }
            }
            if let alias = record.alias {
                xml.element("AliasTarget") { xml in
                    xml.element("HostedZoneId", alias.hostedZoneID)
                    xml.element("DNSName", alias.dnsName.description)
                    xml.element("EvaluateTargetHealth", alias.evaluateTargetHealth)
                }
            }
            xml.element("HealthCheckId", record.healthCheckID)
        }
    }

    static func pageSize(_ text: String?, most: Int) throws(AWSFailure) -> Int {
        guard let text else { return most }
        guard let size = Int(text), size > 0 else {
            throw AWSFailure(400, "InvalidInput", "The input is not valid: maxitems is '\(text)'.")
        }
        return min(size, most)
    }
}
