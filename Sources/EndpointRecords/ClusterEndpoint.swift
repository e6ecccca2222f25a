internal import AWSClient

/// Which replication group a name of ElastiCache is the endpoint of.
///
/// Those of a group's primary are `master.GROUP.HASH.REGION.cache.amazonaws.com`, without TLS
/// `GROUP.HASH.ng.0001.REGION.cache.amazonaws.com`, in cluster mode `clustercfg.GROUP.HASH.…` and
/// `GROUP.HASH.clustercfg.…`.
package enum ClusterEndpoint {
    /// - Parameter name: in any form.
    /// - Returns: the id, in lower case; nil where it is none of these, as for a node's own name.
    package static func group(ofPrimary name: String) -> String? {
        let labels = DNSName.normalized(name).split(separator: ".").map(String.init)
        guard labels.count > 5, labels.contains("cache"), labels.contains("amazonaws") else { return nil }
        if ["master", "clustercfg"].contains(labels[0]) { return labels[1] }
        return ["ng", "clustercfg"].contains(labels[2]) ? labels[0] : nil
    }
}
