/// The operations of Route 53 that are used.
/// See https://docs.aws.amazon.com/Route53/latest/APIReference/
package struct Route53: Sendable {
    /// Route 53 allows 100 records of one name and type.
    static let maximumPages = 10

    let client: AWSClient

    /// Its endpoint is the one of the partition that the region of the configuration is in.
    package init(_ client: AWSClient) {
        self.client = client
    }

    /// The record sets of one name, of every type, in the order of Route 53.
    ///
    /// The list starts at the name and is followed only while it stays there, so that it costs one
    /// request whatever the size of the zone.
    ///
    /// - Parameters:
    ///   - hostedZoneID: with or without `/hostedzone/` before it.
    ///   - name: in any case, with or without final dot.
    package func listResourceRecordSets(
        hostedZoneID: String, name: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [ResourceRecordSet] {
        let found = try await listResourceRecordSets(hostedZoneID: hostedZoneID, names: [name], deadline: deadline)
        return found[DNSName.normalized(name)] ?? []
    }

    /// The record sets of many names of a zone, of every type, those of a name in the order of Route 53.
    ///
    /// Pages of the zone that hold none of the names are left out. So this costs at most one request a name, and at
    /// most as many as the zone has pages; only a name with more than a page of record sets costs more, and one with
    /// characters whose place in the order is not certain (see `RecordSetScan`) can.
    ///
    /// - Parameters:
    ///   - hostedZoneID: with or without `/hostedzone/` before it.
    ///   - names: in any case, with or without final dot.
    /// - Returns: by each name in the form of `DNSName.normalized`; an empty list where there is nothing of it.
    package func listResourceRecordSets(
        hostedZoneID: String, names: [String], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [String: [ResourceRecordSet]] {
        let zone = Self.bareID(hostedZoneID)
        var scan = RecordSetScan(names)
        while let position = scan.next {
            guard scan.pagesOfName < Self.maximumPages else { break }
            let (sets, next) = try await page(zone: zone, from: position, deadline: deadline)
            guard next != position else { break }
            scan.take(sets, next: next)
        }
        guard scan.next == nil else { throw AWSError.endlessPages(of: "Route 53 ListResourceRecordSets") }
        return scan.found
    }

    static func bareID(_ id: String, prefix: String = "/hostedzone/") -> String {
        id.hasPrefix(prefix) ? String(id.dropFirst(prefix.utf8.count)) : id
    }

    func page(
        zone: String, from start: RecordSetScan.Position, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> (sets: [ResourceRecordSet], next: RecordSetScan.Position?) {
        var query = [(name: "name", value: start.name)]
        if let type = start.type { query.append(("type", type)) }
        if let identifier = start.identifier { query.append(("identifier", identifier)) }
        let call = AWSCall.restXML(
            .route53, region: nil, operation: "ListResourceRecordSets",
            path: [AWSService.route53.version, "hostedzone", zone, "rrset"], query: query + [("maxitems", "300")])
        return try await client.xml(call, root: "ListResourceRecordSetsResponse", deadline: deadline) {
            root throws(XMLError) in
            guard let list = root["ResourceRecordSets"] else {
                throw XMLError(reason: "an element \(root.name) has no ResourceRecordSets")
            }
            var sets: [ResourceRecordSet] = []
            for element in list.children where element.name == "ResourceRecordSet" {
                sets.append(try ResourceRecordSet(element))
            }
            guard let isTruncated = try root.boolean("IsTruncated") else {
                throw XMLError(reason: "an element \(root.name) has no IsTruncated")
            }
            guard isTruncated else { return (sets, nil) }
            return (
                sets,
                RecordSetScan.Position(
                    name: try root.required("NextRecordName"), type: try root.required("NextRecordType"),
                    identifier: root.optional("NextRecordIdentifier"))
            )
        }
    }
}
