package import Failover
package import JSON
internal import Logging
package import Promotion

/// What a person reads of an event, on a phone at night, and what a machine reads of it.
package struct Notification: Sendable, Equatable {
    /// The watch can make it longer than SNS takes; `SNS.publish` makes it fit.
    package var subject: String
    package var body: String
    /// For the message attribute `event`.
    package var json: JSONValue

    /// - Parameters:
    ///   - operatorName: who ordered it; nil for DNS.
    ///   - time: RFC 3339.
    package init(
        _ event: PromotionEvent, identity: Promoter.Identity, by operatorName: String? = nil, time: String
    ) {
        let sentence = event.sentence(identity.kind, orderedBy: operatorName)
        subject = "\(event.headline): \(identity.name) in \(identity.ownRegion)"
        let label = identity.kind.label
        body = """
            \(sentence)

            Watch      \(identity.watch)
            Record     \(identity.dnsName)
            \(label)\(String(repeating: " ", count: 11 - label.count))\(identity.groupID)
            Region     \(identity.ownRegion)
            Time       \(time)
            """
        var members: [JSONValue.Member] = [
            .init("event", .string(event.kind)), .init("watch", .string(identity.watch)),
            .init("dnsName", .string(identity.dnsName)), .init(identity.kind.idKey, .string(identity.groupID)),
            .init("region", .string(identity.ownRegion)), .init("time", .string(time)),
            .init("message", .string(sentence)),
        ]
        if let operatorName { members.append(.init("by", .string(operatorName))) }
        if case .object(let own) = event.json { members += own.filter { $0.key != "event" } }
        json = .object(members)
    }
}

extension PromotionEvent {
    var headline: String {
        switch self {
        case .begun: "Promotion begun"
        case .finished: "Promotion finished"
        case .failed: "Promotion FAILED"
        case .cameToNothing: "Promotion came to nothing"
        case .gaveUp: "Promotion not finished"
        case .overtaken: "Promotion overtaken"
        case .detached: "Member DETACHED"
        case .detachmentFailed: "Detachment FAILED"
        case .stuck: "Promotion STUCK"
        case .noLongerWanted: "Promotion no longer wanted"
        }
    }

    var level: Logger.Level {
        switch self {
        case .begun, .finished, .noLongerWanted: .notice
        case .overtaken: .warning
        case .failed, .cameToNothing, .gaveUp, .detached, .detachmentFailed, .stuck: .error
        }
    }

    /// One or more whole sentences, with what to do where something is to be done.
    ///
    /// - Parameters:
    ///   - kind: of the group.
    ///   - operatorName: who ordered it; nil for DNS, which asks as long as it points here. An order asks once.
    package func sentence(_ kind: GlobalGroup.Kind = .datastore, orderedBy operatorName: String? = nil) -> String {
        switch self {
        case .begun(let promotion, let delay):
            "AWS accepted the promotion of \(promotion.memberName) in \(promotion.region)"
                + (delay.map { ", \($0.inWords) after it was first seen to be wanted." }
                    ?? ", as \(operatorName ?? "an operator") ordered.")
                + " It takes one to two minutes, in which \(promotion.groupID) takes no writes."
        case .finished(let promotion, let duration):
            "\(promotion.memberName) in \(promotion.region) is \(kind.primary), and \(promotion.groupID) available,"
                + " \(duration.secondsInWords) after AWS accepted the promotion."
        case .failed(let reason):
            operatorName.map {
                "The promotion that \($0) ordered has not come about: \(reason) An order is not repeated: mend"
                    + " that, and give it again."
            }
                ?? "The promotion was asked for and has not come about: \(reason) It will be asked for again as long as"
                + " DNS points here."
        case .cameToNothing(let promotion, let elapsed):
            "AWS accepted the promotion of \(promotion.memberName) \(elapsed.secondsInWords) ago, and has made"
                + " \(promotion.groupID) available again with the roles as before. Look into the events of \(kind.service); it"
                + " will be asked for again as long as "
                + (operatorName.map { "the order of \($0) has time." } ?? "DNS points here.")
        case .gaveUp(let promotion, let elapsed):
            "AWS accepted the promotion of \(promotion.memberName) \(elapsed.secondsInWords) ago, and it is not over."
                + " It is no longer waited for: look at \(promotion.groupID) in the console, and ask AWS support."
        case .overtaken(let promotion, let active, let elapsed):
            "DNS points to \(active) now, \(elapsed.secondsInWords) after AWS accepted the promotion of"
                + " \(promotion.memberName). This region leaves it at that; the function in \(active) acts."
        case .detached(let promotion, let wanted):
            "\(promotion.memberName) in \(promotion.region) was taken out of \(promotion.groupID)"
                + (wanted.map { wanted in
                    promotion.means == .detachment
                        ? ", \(wanted.inWords) after its promotion was first seen to be wanted"
                        : ", since its promotion did not come about for \(wanted.secondsInWords)"
                } ?? operatorName.map { ", as \($0) ordered" } ?? "")
                + ". It is a primary of its own now, without replication: \(kind.rebuilding)."
        case .detachmentFailed(let reason):
            operatorName.map {
                "The detachment that \($0) ordered has not come about: \(reason) An order is not repeated: mend that,"
                    + " and give it again."
            }
                ?? "The member was to be detached, since its promotion does not come about, and was not: \(reason) The"
                + " promotion will be asked for again, and then the detachment, as long as DNS points here."
        case .stuck(let why, let elapsed):
            "A promotion has been wanted for \(elapsed.secondsInWords), and has not come about: \(why)."
        case .noLongerWanted(let why):
            "The promotion that was stuck is not wanted any more: \(why)."
        }
    }
}
