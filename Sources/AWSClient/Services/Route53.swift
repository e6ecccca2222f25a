/// The operations of Route 53 that are used.
/// See https://docs.aws.amazon.com/Route53/latest/APIReference/
package struct Route53: Sendable {
    /// Route 53 allows 100 records of one name and type.
    static let maximumPages = 10

    private let client: AWSClient

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
        let zone = hostedZoneID.hasPrefix("/hostedzone/") ? String(hostedZoneID.dropFirst(12)) : hostedZoneID
        let wanted = DNSName.normalized(name)
        var start = [(name: "name", value: wanted)]
        var found: [ResourceRecordSet] = []
        for _ in 0..<Self.maximumPages {
            let page = try await page(zone: zone, start: start, deadline: deadline)
            found += page.sets.filter { $0.name == wanted }
            guard let next = page.next, DNSName.normalized(next.name) == wanted else { return found }
            let previous = start
            start = [("name", next.name), ("type", next.type)]
            if let identifier = next.identifier { start.append(("identifier", identifier)) }
            guard !start.elementsEqual(previous, by: ==) else { break }
        }
        var error = AWSError(.unexpectedAnswer, "its pages do not end: the same place came twice, or too many came")
        error.activity = "Route 53 ListResourceRecordSets"
        throw error
    }

    private struct Page {
        var sets: [ResourceRecordSet]
        /// Where the next page begins.
        var next: (name: String, type: String, identifier: String?)?
    }

    private func page(
        zone: String, start: [(name: String, value: String)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Page {
        let call = AWSCall.restXML(
            .route53, region: nil, operation: "ListResourceRecordSets",
            path: [AWSService.route53.version, "hostedzone", zone, "rrset"], query: start + [("maxitems", "300")])
        return try await client.xml(call, root: "ListResourceRecordSetsResponse", deadline: deadline) {
            root throws(XMLError) in
            guard let list = root["ResourceRecordSets"] else {
                throw XMLError(reason: "an element \(root.name) has no ResourceRecordSets")
            }
            var page = Page(sets: [])
            for element in list.children where element.name == "ResourceRecordSet" {
                page.sets.append(try ResourceRecordSet(element))
            }
            guard let isTruncated = try root.boolean("IsTruncated") else {
                throw XMLError(reason: "an element \(root.name) has no IsTruncated")
            }
            if isTruncated {
                page.next = (
                    try root.required("NextRecordName"), try root.required("NextRecordType"),
                    root.optional("NextRecordIdentifier")
                )
            }
            return page
        }
    }
}
