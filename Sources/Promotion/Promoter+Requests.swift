internal import Failover

/// What the service is asked to do, and what comes of it.
extension Promoter {
    enum Request {
        case promote
        case detach
    }

    struct LostRequest {
        var request: Request
        var promotion: Decision.Promotion
        var sentAt: ContinuousClock.Instant
    }

    /// How often a request whose answer was lost is sent within one check. Each time stands on a fresh read of its own.
    private static let maximumAttempts = 3
    private static let pauseAfterLostAnswer = Duration.milliseconds(300)

    /// - Returns: what the check has come to; nil where the answer was lost, and the group has to be read again.
    func send(
        _ request: Request, _ promotion: Decision.Promotion, attempt: Int, _ events: inout [PromotionEvent],
        deadline: ContinuousClock.Instant
    ) async throws -> Decision? {
        do {
            switch request {
            case .promote: try await service.promote(promotion, deadline: deadline)
            case .detach: try await service.detach(promotion, deadline: deadline)
            }
            lost = nil
            accepted(request, promotion, at: timing.now(), &events)
            return request == .promote ? .promote(promotion) : .detach(promotion)
        } catch PromotionRefusal.changeUnderWay {
            settleLostRequest(by: .hold(.changeUnderWay), &events)
            if memory.pursuit == nil { memory.promotionRefused(at: timing.now()) }
            return .hold(.changeUnderWay)
        } catch PromotionRefusal.refused(let error) {
            memory.promotionRefused(at: timing.now())
            tell(&events, tracker.failure("\(error)"))
            throw error
        } catch PromotionRefusal.outcomeUnknown(let error) {
            lost = LostRequest(request: request, promotion: promotion, sentAt: timing.now())
            // AWS may have accepted it. The group tells: one that is being changed, or whose roles have
            // changed, is not promoted again.
            guard attempt < Self.maximumAttempts, timing.now() + Self.pauseAfterLostAnswer < deadline else {
                memory.promotionObstructed(at: timing.now())
                tell(&events, tracker.failure("\(error)"))
                throw error
            }
            // Cancelled: what was lost says more than that.
            do { try await timing.sleep(Self.pauseAfterLostAnswer) } catch is CancellationError { throw error }
            return nil
        } catch {
            tell(&events, tracker.failure("\(error)"))
            throw error
        }
    }

    /// A group that is being changed, whose primary is here by now, or that has lost its local member: the request
    /// whose answer was lost was carried out, and counts as any other.
    func settleLostRequest(by decision: Decision, _ events: inout [PromotionEvent]) {
        guard let lost else { return }
        switch (lost.request, decision) {
        case (.promote, .hold(.groupStatus)), (.promote, .hold(.changeUnderWay)):
            accepted(.promote, lost.promotion, at: lost.sentAt, &events)
        case (.promote, .hold(.inPlace)):
            accepted(.promote, lost.promotion, at: lost.sentAt, &events)
            memory.pursuit = nil
            memory.obstructedSince = nil
            events.append(.finished(lost.promotion, duration: timing.now() - lost.sentAt))
        case (.detach, .hold(.memberStatus)), (.detach, .hold(.promotionUnderWay)), (.detach, .hold(.groupStatus)),
            (.detach, .misconfigured(.noLocalMember)):
            accepted(.detach, lost.promotion, at: lost.sentAt, &events)
        default: return
        }
        self.lost = nil
    }

    private func accepted(
        _ request: Request, _ promotion: Decision.Promotion, at time: ContinuousClock.Instant,
        _ events: inout [PromotionEvent]
    ) {
        let wanted = memory.wantedSince.map { time - $0 }
        switch request {
        case .promote:
            memory.promotionAccepted(promotion, at: time)
            events.append(.begun(promotion, delay: wanted))
        case .detach:
            memory.memberDetached(promotion, at: time)
            events.append(.detached(promotion, after: wanted))
        }
    }

    private func tell(_ events: inout [PromotionEvent], _ event: PromotionEvent?) {
        if let event { events.append(event) }
    }
}
