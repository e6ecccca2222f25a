internal import Failover
package import JSON

extension PromotionEvent {
    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("event", .string(kind))]
        func add(_ promotion: Decision.Promotion, _ key: String? = nil, _ duration: Duration? = nil) {
            members.append(.init("member", .string(promotion.memberID)))
            if let key, let duration { members.append(.init(key, .real(duration.milliseconds / 1000))) }
        }
        switch self {
        case .begun(let promotion, let delay): add(promotion, "delaySeconds", delay)
        case .finished(let promotion, let duration): add(promotion, "seconds", duration)
        case .cameToNothing(let promotion, let elapsed), .gaveUp(let promotion, let elapsed):
            add(promotion, "seconds", elapsed)
        case .overtaken(let promotion, let active, let elapsed):
            add(promotion, "seconds", elapsed)
            members.append(.init("activeRegion", .string(active)))
        case .detached(let promotion, let wanted): add(promotion, "wantedSeconds", wanted)
        case .failed(let reason), .detachmentFailed(let reason): members.append(.init("reason", .string(reason)))
        case .stuck(let why, let elapsed):
            members.append(.init("reason", .string(why)))
            members.append(.init("wantedSeconds", .real(elapsed.milliseconds / 1000)))
        case .noLongerWanted(let why): members.append(.init("reason", .string(why)))
        }
        return .object(members)
    }
}
