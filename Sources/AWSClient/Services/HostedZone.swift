/// A zone of Route 53.
package struct HostedZone: Sendable, Equatable {
    /// Without `/hostedzone/` before it.
    package var id: String
    /// In the form of `DNSName.normalized`.
    package var name: String
    /// Answered only within its VPCs.
    package var isPrivate: Bool

    package init(id: String, name: String, isPrivate: Bool) {
        self.id = id
        self.name = name
        self.isPrivate = isPrivate
    }

    /// Whether a name can have records in this zone.
    ///
    /// - Parameter name: in any case, with or without final dot.
    package func contains(_ name: String) -> Bool {
        let name = DNSName.normalized(name)
        return name == self.name || name.hasSuffix(".\(self.name)")
    }
}

extension Route53 {
    /// One hosted zone of the account.
    ///
    /// - Parameter id: with or without `/hostedzone/` before it.
    package func hostedZone(id: String, deadline: ContinuousClock.Instant) async throws(AWSError) -> HostedZone {
        let call = AWSCall.restXML(
            .route53, region: nil, operation: "GetHostedZone",
            path: [AWSService.route53.version, "hostedzone", Self.bareID(id)])
        return try await client.xml(call, root: "GetHostedZoneResponse", deadline: deadline) { root throws(XMLError) in
            guard let zone = root["HostedZone"] else {
                throw XMLError(reason: "an element \(root.name) has no HostedZone")
            }
            return HostedZone(
                id: Self.bareID(try zone.required("Id")), name: DNSName.normalized(try zone.required("Name")),
                isPrivate: try zone["Config"]?.boolean("PrivateZone") ?? false)
        }
    }
}
