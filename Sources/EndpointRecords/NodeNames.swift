/// Which names are those of nodes of one replication group, the nodes that are gone included.
///
/// A node is `rg-002.HASH.0001.use1.cache.amazonaws.com`, with TLS `rg-002.rg.HASH.use1.cache.amazonaws.com`, in cluster
/// mode `rg-0001-002` before either. All groups of an account in a region may have the same hash, and the id of one group
/// may begin with another's, so that the first label is looked at to its end.
package struct NodeNames: Sendable, Equatable {
    private let groupID: String
    private let hasShards: Bool
    /// What may follow on the first label.
    private let suffixes: Set<String>

    /// - Parameters:
    ///   - groupID: normalized, as all names here.
    ///   - nodes: the names of nodes that are there; of whatever form, they say what the others are like.
    ///   - endpoints: of the group and its shards. TLS can be turned on and off, so that their hash and region stand for
    ///     both forms.
    init(groupID: String, hasShards: Bool, nodes: [String], endpoints: [String]) {
        self.groupID = groupID
        self.hasShards = hasShards
        var suffixes = Set(nodes.compactMap { Self.parts($0)?.rest.joined(separator: ".") })
        for name in nodes + endpoints {
            guard let (hash, region) = Self.place(of: name, groupID: groupID) else { continue }
            suffixes.insert("\(groupID).\(hash).\(region)")
            suffixes.insert("\(hash).0001.\(region)")
        }
        self.suffixes = suffixes
    }

    /// The id of the node (of its cache cluster) that a name is the name of; nil where it is none of this group.
    ///
    /// - Parameter name: normalized.
    func node(named name: String) -> String? {
        guard let (first, rest) = Self.parts(name), isNodeID(first), suffixes.contains(rest.joined(separator: "."))
        else { return nil }
        return String(first)
    }

    private func isNodeID(_ label: Substring) -> Bool {
        guard label.hasPrefix("\(groupID)-") else { return false }
        let numbers = label.dropFirst(groupID.count + 1).split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return false }
        // A group that had no shards at first has nodes of the short form for ever.
        return numbers.count == 1 || hasShards && numbers.count == 2 && numbers[0].utf8.count == 4
    }

    private static func parts(_ name: String) -> (first: Substring, rest: ArraySlice<Substring>)? {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = labels.first, labels.count > 1 else { return nil }
        return (first, labels.dropFirst())
    }

    /// The hash of an endpoint's name, and what follows on all that the group has named there.
    private static func place(of name: String, groupID: String) -> (hash: Substring, region: String)? {
        guard let (_, rest) = parts(name) else { return nil }
        let labels = Array(rest)
        let region: ArraySlice<Substring>
        let hash: Substring
        if labels.count > 2, labels[0] == groupID {
            (hash, region) = (labels[1], labels[2...])
        } else if labels.count > 3, labels[1] == "ng" {
            (hash, region) = (labels[0], labels[3...])
        } else if labels.count > 2, labels[1] == "clustercfg" || labels[1] == "0001" {
            (hash, region) = (labels[0], labels[2...])
        } else {
            return nil
        }
        return (hash, region.joined(separator: "."))
    }
}

func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
