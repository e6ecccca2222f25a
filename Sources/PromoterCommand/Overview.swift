import Failover
import Functions
import NameResolution
import Promotion

extension Promotion.Overview {
    func text(of configuration: WatchConfiguration) -> String {
        let source = configuration.hostedZoneID.map { "in zone \($0)" } ?? "by RECORD_TARGETS"
        var facts = [
            ["Record", "\(identity.dnsName) \(source)"],
            ["DNS answers", answer.map { $0.addresses.map(\.description).joined(separator: ", ") } ?? "nothing"],
            ["Active region", activeWords],
            ["This region", identity.ownRegion],
            ["Policy", policy.words],
        ]
        switch observation.lag {
        case .notAsked: break
        case .known(let lag): facts.append(["Lag", lag.inWords])
        case .unknown(let why): facts.append(["Lag", "not known: \(why)"])
        }
        switch observation.pause {
        case .none: break
        case .paused(let pause): facts.append(["Paused", String(pause.words.dropFirst())])
        case .unknown(let why): facts.append(["Paused", "not known: \(why)"])
        }
        facts.append(["A check now", verdict])
        // Where this region is active, that is what the check says.
        if let group, let problem = misconfiguration(of: group, in: identity.ownRegion),
            !observation.isDetachmentOnRecord
        {
            let words = Decision.misconfigured(problem).foreseenWords(policy, identity)
            if words != verdict { facts.append(["Problem", words]) }
        }
        if identity.watch != identity.dnsName { facts.insert(["Watch", identity.watch], at: 0) }
        return ([Terminal.table(facts), recordTable] + groupTables).joined(separator: "\n\n")
    }

    private var activeWords: String {
        switch observation.active {
        case .region(let region): region
        case .unknown(let why): "not known: \(why.words(identity.dnsName))"
        case .ambiguous(let regions): "not known: the answer fits \(regions.joined(separator: " and "))"
        case .notAsked: "not known: the records could not be read"
        }
    }

    private var recordTable: String {
        let rows = records.map { record in
            [
                record.label, record.failover ?? "-", record.region ?? "?", record.target.description,
                activeRegion != nil && record.region == activeRegion ? "<- active" : "",
            ]
        }
        return rows.isEmpty
            ? recordFailure == nil ? "No record of this name in the zone" : "The records could not be read"
            : Terminal.table([["RECORD", "FAILOVER", "REGION", "TARGET", ""]] + rows)
    }

    private var groupTables: [String] {
        guard let group else {
            return ["\(identity.kind.title) \(identity.groupID) could not be read: \(groupFailure ?? "")"]
        }
        let rows = group.members.map { member in
            [
                member.id, member.region, member.role.word, member.status,
                member.region == identity.ownRegion ? "<- this region" : "",
            ]
        }
        return [
            "\(identity.kind.title) \(group.id) is \(group.status)",
            Terminal.table([["MEMBER", "REGION", "ROLE", "STATUS", ""]] + rows),
        ]
    }
}
