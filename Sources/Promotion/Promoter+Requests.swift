internal import Failover

/// What the service is asked to do, and what comes of it.
extension Promoter {
    enum Request {
        case promote
        case detach
    }

    struct SentRequest {
        var request: Request
        var promotion: Decision.Promotion
        var sentAt: ContinuousClock.Instant
        var wantedSince: ContinuousClock.Instant?
    }

    /// How often a request whose answer was lost is sent within one check. Each time stands on a fresh read of its own.
    private static let maximumAttempts = 3
    private static let pauseAfterLostAnswer = Duration.milliseconds(300)

    /// - Parameter wantedSince: nil where an operator ordered it.
    /// - Returns: what the check has come to; nil where the answer was lost, and the group has to be read again.
    func send(
        _ request: Request, _ promotion: Decision.Promotion, attempt: Int, wantedSince: ContinuousClock.Instant?,
        _ events: inout [PromotionEvent], deadline: ContinuousClock.Instant
    ) async throws -> Decision? {
        do {
            switch request {
            case .promote: try await service.promote(promotion, deadline: deadline)
            case .detach: try await service.detach(promotion, deadline: deadline)
            }
            lost = nil
            let sent = SentRequest(
                request: request, promotion: promotion, sentAt: timing.now(), wantedSince: wantedSince)
            accepted(sent, &events)
            return request == .promote ? .promote(promotion) : .detach(promotion)
        } catch PromotionRefusal.changeUnderWay(let reason) {
            refusalReason = reason
            settleLostRequest(by: .hold(.changeUnderWay), nil, &events)
            // What is under way may be our own promotion, and then nothing was refused.
            refused(request)
            return .hold(.changeUnderWay)
        } catch PromotionRefusal.refused(let error) {
            refused(request)
            tell(&events, tracker.failure(of: request, "\(error)"))
            throw error
        } catch PromotionRefusal.outcomeUnknown(let error) {
            lost = SentRequest(
                request: request, promotion: promotion, sentAt: timing.now(), wantedSince: wantedSince)
            // AWS may have accepted it. The group tells: one that is being changed, or whose roles have
            // changed, is not promoted again.
            guard attempt < Self.maximumAttempts, timing.now() + Self.pauseAfterLostAnswer < deadline else {
                switch request {
                case .promote: memory.promotionObstructed(at: timing.now())
                case .detach: memory.detachmentRefused(at: timing.now())
                }
                tell(&events, tracker.failure(of: request, "\(error)"))
                throw error
            }
            // Cancelled: what was lost says more than that.
            do { try await timing.sleep(Self.pauseAfterLostAnswer) } catch is CancellationError { throw error }
            return nil
        } catch {
            if request == .detach { refused(request) }
            tell(&events, tracker.failure(of: request, "\(error)"))
            throw error
        }
    }

    private func refused(_ request: Request) {
        switch request {
        case .detach: memory.detachmentRefused(at: timing.now())
        case .promote: if memory.pursuit == nil { memory.promotionRefused(at: timing.now()) }
        }
    }

    /// Whether a promotion that was just asked for in vain has been for so long that the group is to be looked at for a
    /// detachment, in the same check.
    func isDetachmentDue(_ request: Request, _ policy: Policy) -> Bool {
        guard request == .promote, let after = policy.detachAfter, let since = memory.obstructedSince else {
            return false
        }
        return timing.now() - since >= after
    }

    /// A group that is being changed, whose primary is here by now, or that has lost its local member: the request
    /// whose answer was lost was carried out, and counts as any other.
    ///
    /// - Parameter group: as the decision has seen it; nil where AWS itself says that it is being changed.
    func settleLostRequest(by decision: Decision, _ group: GlobalGroup?, _ events: inout [PromotionEvent]) {
        guard let lost else { return }
        guard timing.now() - lost.sentAt < Policy.longestPromotion else {
            // What is seen now is somebody else's.
            self.lost = nil
            return
        }
        switch (lost.request, decision) {
        case (.promote, .hold(.groupStatus)), (.promote, .hold(.changeUnderWay)):
            accepted(lost, &events)
        case (.promote, .hold(.inPlace)):
            accepted(lost, &events)
            // Otherwise it is followed as any other.
            guard group?.isSettled ?? false else { break }
            memory.pursuit = nil
            events.append(.finished(lost.promotion, duration: timing.now() - lost.sentAt))
        // What is seen when the traffic is back is somebody else's.
        case (.promote, .hold(.standby)), (.promote, .hold(.ambiguous)): break
        case (.detach, _):
            // Of a group in which something else is under way the member is still a part.
            let local = group?.members.first { $0.region == identity.ownRegion }
            guard group != nil, !(local?.isAssociated ?? false) else { return }
            accepted(lost, &events)
        default: return
        }
        self.lost = nil
    }

    /// Whether the local member is missing because the detachment whose answer was lost was carried out.
    func isOwnDetachment(_ decision: Decision) -> Bool {
        guard case .misconfigured(.noLocalMember) = decision, let lost, lost.request == .detach else { return false }
        return timing.now() - lost.sentAt < Policy.longestPromotion
    }

    private func accepted(_ sent: SentRequest, _ events: inout [PromotionEvent]) {
        let wanted = sent.wantedSince.map { sent.sentAt - $0 }
        switch sent.request {
        case .promote:
            memory.promotionAccepted(sent.promotion, at: sent.sentAt, now: timing.now())
            events.append(.begun(sent.promotion, delay: wanted))
        case .detach:
            memory.memberDetached(sent.promotion, at: sent.sentAt)
            events.append(.detached(sent.promotion, after: wanted))
        }
    }

    private func tell(_ events: inout [PromotionEvent], _ event: PromotionEvent?) {
        if let event { events.append(event) }
    }
}
