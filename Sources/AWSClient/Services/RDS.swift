/// The operations of RDS that concern Aurora's global clusters.
/// See https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
package struct RDS: Sendable {
    /// 100 a page: ten thousand global clusters in an account are a loop, not an account.
    static let maximumPages = 100

    let client: AWSClient
    let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// One global cluster with its members.
    ///
    /// - Throws: an error with the code `.notFound` where there is none of this id.
    package func describeGlobalCluster(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> GlobalCluster {
        let page = try await page([("GlobalClusterIdentifier", id)], deadline: deadline)
        if let cluster = page.clusters.first(where: { $0.id.lowercased() == id.lowercased() }) { return cluster }
        throw Self.missing(
            "global cluster \(AWSError.printable(id, limit: 100))", "DescribeGlobalClusters",
            "GlobalClusterNotFoundFault")
    }

    /// All global clusters that the region shows of the account.
    package func describeGlobalClusters(
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [GlobalCluster] {
        var clusters: [GlobalCluster] = []
        var markers: Set<String> = []
        var marker: String?
        for _ in 0..<Self.maximumPages {
            let page = try await page([("MaxRecords", "100"), ("Marker", marker)], deadline: deadline)
            clusters += page.clusters
            marker = page.marker
            guard let next = marker else { return clusters }
            guard markers.insert(next).inserted else { break }
        }
        throw AWSError.endlessPages(of: "RDS DescribeGlobalClusters")
    }

    /// One DB cluster of the region.
    ///
    /// - Parameter id: its identifier or its ARN.
    /// - Throws: an error with the code `.notFound` where there is none of this id.
    package func describeDBCluster(
        id: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> DBCluster {
        let call = AWSCall.query(
            .rds, region: region, operation: "DescribeDBClusters", parameters: [("DBClusterIdentifier", id)])
        let clusters: [DBCluster]
        do throws(AWSError) {
            clusters = try await client.query(call, deadline: deadline) { result throws(XMLError) in
                var clusters: [DBCluster] = []
                for element in result.list("DBClusters", of: "DBCluster") { clusters.append(try DBCluster(element)) }
                return clusters
            }
        } catch { throw Self.named(error) }
        let wanted = id.lowercased()
        if let cluster = clusters.first(where: { [$0.id.lowercased(), $0.arn?.lowercased()].contains(wanted) }) {
            return cluster
        }
        throw Self.missing(
            "DB cluster \(AWSError.printable(id, limit: 200))", "DescribeDBClusters", "DBClusterNotFoundFault")
    }

    private struct Page {
        var clusters: [GlobalCluster]
        var marker: String?
    }

    private func page(
        _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Page {
        let call = AWSCall.query(
            .rds, region: region, operation: "DescribeGlobalClusters", parameters: parameters)
        do throws(AWSError) {
            return try await client.query(call, deadline: deadline) { result throws(XMLError) in
                var clusters: [GlobalCluster] = []
                // AWS calls a cluster in the list of them by the name of a member of one.
                for element in result.list("GlobalClusters", of: "GlobalClusterMember") {
                    clusters.append(try GlobalCluster(element))
                }
                return Page(clusters: clusters, marker: result.optional("Marker"))
            }
        } catch { throw Self.named(error) }
    }

    /// RDS says with codes of its own that there is no such thing.
    static func named(_ error: AWSError) -> AWSError {
        var error = error
        if ["GlobalClusterNotFoundFault", "DBClusterNotFoundFault", "DBInstanceNotFound"].contains(error.awsCode) {
            error.code = .notFound
        }
        return error
    }

    private static func missing(_ what: String, _ operation: String, _ awsCode: String) -> AWSError {
        var error = AWSError(.notFound, "the answer holds no \(what)")
        error.activity = "RDS \(operation)"
        error.remedy = AWSError.remedy(for: awsCode, action: "rds:\(operation)", credentials: nil)
        return error
    }
}
