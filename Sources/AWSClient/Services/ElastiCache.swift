/// The operations of ElastiCache that concern global datastores.
/// See https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/
package struct ElastiCache: Sendable {
    /// 100 a page: ten thousand global datastores in an account are a loop, not an account.
    static let maximumPages = 100

    let client: AWSClient
    let region: String?

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
        throw AWSError.endlessPages(of: "ElastiCache DescribeGlobalReplicationGroups")
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
