package import NameResolution

/// One record of the watched name: where it sends the traffic to, and which region that is.
package struct FailoverRecord: Sendable, Equatable {
    package enum Target: Sendable, Hashable {
        /// An alias or a CNAME; normalised.
        case name(String)
        /// A record with addresses of its own; sorted.
        case addresses([IPAddress])
    }

    /// What the user knows the record by: its set identifier, else its name.
    package var label: String
    /// `PRIMARY` or `SECONDARY` in a failover record set.
    package var failover: String?
    package var target: Target
    /// nil where no region can be read from target or set identifier.
    package var region: String?

    package init(label: String, failover: String? = nil, target: Target, region: String?) {
        self.label = label
        self.failover = failover
        self.target = target
        self.region = region
    }
}

extension FailoverRecord.Target: CustomStringConvertible {
    package var description: String {
        switch self {
        case .name(let name): name
        case .addresses(let addresses): addresses.map(\.description).joined(separator: ", ")
        }
    }
}
