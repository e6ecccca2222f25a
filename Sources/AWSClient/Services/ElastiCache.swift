/// The operations of ElastiCache that concern global datastores.
/// See https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/
package struct ElastiCache: Sendable {
    /// 100 a page: ten thousand global datastores in an account are a loop, not an account.
    static let maximumPages = 100

    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// One global datastore with its members.
    ///
    /// - Throws: an error with the code `.notFound` where there is none of this id.
    package func describeGlobalReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalReplicationGroup {
        do throws(AWSError) {
            let page = try await page([("GlobalReplicationGroupId", id)], deadline: deadline)
            if let group = page.groups.first(where: { $0.id.lowercased() == id.lowercased() }) { return group }
            var error = AWSError(
                .notFound, "the answer holds no global datastore \(AWSError.printable(id, limit: 100))")
            error.activity = "ElastiCache DescribeGlobalReplicationGroups"
            error.remedy = AWSError.remedy(
                for: Self.notFoundCode, action: "elasticache:DescribeGlobalReplicationGroups", credentials: nil)
            throw error
        } catch {
            var error = error
            if error.awsCode == Self.notFoundCode { error.code = .notFound }
            throw error
        }
    }

    /// All global datastores of the account that have a member in this region.
    package func describeGlobalReplicationGroups(
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [GlobalReplicationGroup] {
        var groups: [GlobalReplicationGroup] = []
        var markers: Set<String> = []
        var marker: String?
        for _ in 0..<Self.maximumPages {
            let page = try await page([("MaxRecords", "100"), ("Marker", marker)], deadline: deadline)
            groups += page.groups
            marker = page.marker
            guard let next = marker else { return groups }
            guard markers.insert(next).inserted else { break }
        }
        var error = AWSError(.unexpectedAnswer, "its pages do not end: the same marker came twice, or too many came")
        error.activity = "ElastiCache DescribeGlobalReplicationGroups"
        throw error
    }

    /// Makes a secondary the primary. AWS answers at once; the promotion itself takes a minute or two.
    ///
    /// It is sent again only where AWS certainly did not carry it out. Where that is not certain, the
    /// error has `outcomeIsUnknown`: look at the group before anything else.
    ///
    /// - Parameters:
    ///   - primaryRegion: the region of the secondary that is promoted.
    ///   - primaryReplicationGroupID: its id.
    /// - Returns: the group as it was when AWS accepted the request; its members may be missing.
    @discardableResult
    package func failoverGlobalReplicationGroup(
        id: String, primaryRegion: String, primaryReplicationGroupID: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalReplicationGroup {
        var call = AWSCall.query(
            .elastiCache, region: region, operation: "FailoverGlobalReplicationGroup",
            parameters: [
                ("GlobalReplicationGroupId", id), ("PrimaryRegion", primaryRegion),
                ("PrimaryReplicationGroupId", primaryReplicationGroupID),
            ])
        call.isRepeatable = false
        // It is not sent again, so that to give up early gains nothing and loses the answer.
        call.attemptTimeout = .seconds(20)
        return try await client.query(call, deadline: deadline) { result throws(XMLError) in
            guard let element = result["GlobalReplicationGroup"] else {
                throw XMLError(reason: "an element \(result.name) has no GlobalReplicationGroup")
            }
            return try GlobalReplicationGroup(element)
        }
    }

    private static let notFoundCode = "GlobalReplicationGroupNotFoundFault"

    private struct Page {
        var groups: [GlobalReplicationGroup]
        var marker: String?
    }

    private func page(
        _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Page {
        let call = AWSCall.query(
            .elastiCache, region: region, operation: "DescribeGlobalReplicationGroups",
            parameters: parameters + [("ShowMemberInfo", "true")])
        return try await client.query(call, deadline: deadline) { result throws(XMLError) in
            var groups: [GlobalReplicationGroup] = []
            for element in result.list("GlobalReplicationGroups", of: "GlobalReplicationGroup") {
                groups.append(try GlobalReplicationGroup(element))
            }
            return Page(groups: groups, marker: result.optional("Marker"))
        }
    }
}
