extension Route53 {
    /// One change of a batch.
    package struct Change: Sendable, Equatable {
        package enum Action: String, Sendable {
            /// Refused where there is such a record set.
            case create = "CREATE"
            /// Refused where there is none that is the same in everything.
            case delete = "DELETE"
        }

        package var action: Action
        package var recordSet: ResourceRecordSet

        package init(_ action: Action, _ recordSet: ResourceRecordSet) {
            self.action = action
            self.recordSet = recordSet
        }
    }

    /// A batch that Route 53 has accepted.
    package struct ChangeInfo: Sendable, Equatable {
        /// Without `/change/` before it.
        package var id: String
        /// Whether all DNS servers of Route 53 answer with it.
        package var isInSync: Bool

        package init(id: String, isInSync: Bool) {
            self.id = id
            self.isInSync = isInSync
        }

        init(_ root: XMLElement) throws(XMLError) {
            guard let info = root["ChangeInfo"] else {
                throw XMLError(reason: "an element \(root.name) has no ChangeInfo")
            }
            id = Route53.bareID(try info.required("Id"), prefix: "/change/")
            isInSync = try info.required("Status") == "INSYNC"
        }
    }

    /// Of the values in one batch.
    package static let maximumValues = 1000
    /// Of all values in one batch together.
    package static let maximumCharacters = 32_000
    private static let longestComment = 256

    /// Changes record sets, all of them or none.
    ///
    /// It is sent again where an answer did not come, as what only reads is: a batch with a creation or a deletion that was
    /// carried out is refused the second time (`InvalidChangeBatch`: the old is gone, the new is there), and who then
    /// reads the records finds what was wanted. (Of an UPSERT, sent twice, this would not hold: it can undo what somebody else did
    /// meanwhile.)
    ///
    /// - Parameters:
    ///   - hostedZoneID: with or without `/hostedzone/` before it.
    ///   - comment: for whoever reads the zone's history; clipped at 256 characters.
    /// - Throws: `.refused` with the code `InvalidChangeBatch` where one of the changes does not fit the zone as it is;
    ///   `.invalidConfiguration` where there is nothing to change, or a record set that cannot be written.
    package func changeResourceRecordSets(
        hostedZoneID: String, changes: [Change], comment: String?, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> ChangeInfo {
        let call = AWSCall.restXML(
            .route53, region: nil, operation: "ChangeResourceRecordSets", method: "POST",
            path: [AWSService.route53.version, "hostedzone", Self.bareID(hostedZoneID), "rrset", ""],
            body: try Self.body(changes, comment: comment))
        return try await client.xml(call, root: "ChangeResourceRecordSetsResponse", deadline: deadline) {
            root throws(XMLError) in try ChangeInfo(root)
        }
    }

    /// How far a batch has come.
    ///
    /// - Parameter id: with or without `/change/` before it.
    package func getChange(id: String, deadline: ContinuousClock.Instant) async throws(AWSError) -> ChangeInfo {
        let call = AWSCall.restXML(
            .route53, region: nil, operation: "GetChange",
            path: [AWSService.route53.version, "change", Self.bareID(id, prefix: "/change/")])
        return try await client.xml(call, root: "GetChangeResponse", deadline: deadline) { root throws(XMLError) in
            try ChangeInfo(root)
        }
    }

    private static func body(_ changes: [Change], comment: String?) throws(AWSError) -> [UInt8] {
        guard !changes.isEmpty else { throw AWSError(.invalidConfiguration, "a batch without a change") }
        do throws(XMLError) {
            var elements: [XMLElement] = []
            for change in changes {
                elements.append(
                    XMLElement(
                        name: "Change",
                        children: [
                            XMLElement(name: "Action", text: change.action.rawValue),
                            try change.recordSet.element(),
                        ]))
            }
            var batch = [XMLElement(name: "Changes", children: elements)]
            if let comment, !comment.isEmpty {
                let text = AWSError.printable(comment).unicodeScalars.prefix(longestComment)
                batch.insert(XMLElement(name: "Comment", text: String(text)), at: 0)
            }
            let request = XMLElement(
                name: "ChangeResourceRecordSetsRequest",
                children: [XMLElement(name: "ChangeBatch", children: batch)])
            return try request.document(namespace: "https://route53.amazonaws.com/doc/\(AWSService.route53.version)/")
        } catch {
            throw AWSError(.invalidConfiguration, "the changes cannot be written: \(AWSError.printable(error.reason))")
        }
    }
}

extension ResourceRecordSet {
    /// The record set with all that it has: AWS deletes only what is repeated exactly.
    fileprivate func element() throws(XMLError) -> XMLElement {
        guard otherElements.isEmpty else {
            throw XMLError(reason: "of \(name) \(type), \(otherElements.joined(separator: ", ")) is not known here")
        }
        var children = [XMLElement(name: "Name", text: name), XMLElement(name: "Type", text: type)]
        func add(_ name: String, _ text: String?) {
            if let text { children.append(XMLElement(name: name, text: text)) }
        }
        add("SetIdentifier", setIdentifier)
        add("Weight", weight.map(String.init))
        add("Region", region)
        add("Failover", failover?.rawValue)
        add("MultiValueAnswer", isMultiValueAnswer.map(String.init))
        add("TTL", ttl.map(String.init))
        if !values.isEmpty {
            let records = values.map { XMLElement(name: "ResourceRecord", children: [.init(name: "Value", text: $0)]) }
            children.append(XMLElement(name: "ResourceRecords", children: records))
        }
        if let alias {
            let target = [
                XMLElement(name: "HostedZoneId", text: alias.hostedZoneID),
                XMLElement(name: "DNSName", text: alias.dnsName),
                XMLElement(name: "EvaluateTargetHealth", text: String(alias.evaluateTargetHealth)),
            ]
            children.append(XMLElement(name: "AliasTarget", children: target))
        }
        add("HealthCheckId", healthCheckID)
        return XMLElement(name: "ResourceRecordSet", children: children)
    }
}
