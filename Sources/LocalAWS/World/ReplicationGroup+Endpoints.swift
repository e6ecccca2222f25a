/// What clients connect to.
extension ReplicationGroup {
    /// `HASH` in the endpoints of a group: six letters and digits that AWS makes up. Here the same ones each time.
    private var hash: String {
        let text = String(Self.hash("\(region)/\(id)"), radix: 36)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text.suffix(6)
    }

    /// FNV-1a.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private var suffix: String {
        "\(RegionCode.short(of: region)).cache.amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }

    /// In cluster mode.
    package var configurationEndpoint: String? {
        guard options.clusterMode else { return nil }
        return options.tls ? "clustercfg.\(id).\(hash).\(suffix)" : "\(id).\(hash).clustercfg.\(suffix)"
    }

    /// Of the primary, whichever node that is; without cluster mode.
    package var primaryEndpoint: String? {
        guard !options.clusterMode else { return nil }
        return options.tls ? "master.\(id).\(hash).\(suffix)" : "\(id).\(hash).ng.0001.\(suffix)"
    }

    /// Of all replicas; without cluster mode.
    package var readerEndpoint: String? {
        guard !options.clusterMode else { return nil }
        return options.tls ? "replica.\(id).\(hash).\(suffix)" : "\(id)-ro.\(hash).ng.0001.\(suffix)"
    }

    /// nil while the node is being created.
    package func endpoint(of node: Node) -> String? {
        guard node.status != .creating else { return nil }
        return options.tls ? "\(node.id).\(id).\(hash).\(suffix)" : "\(node.id).\(hash).0001.\(suffix)"
    }
}
