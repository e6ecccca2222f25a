import ArgumentParser
import Failover
import Functions
import JSON
import Promotion

/// Carries out an order: warns, asks, follows it, and says what came of it.
struct OrderRun {
    let order: Order
    /// Of a watch with two groups, the only one; nil for both.
    let group: String?
    let signature: Signature
    let consent: Consent

    func run(_ options: WatchOptions) async throws {
        let assembly = try options.assembly()
        let operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Terminal.logger))
        let watches: [PromoterAssembly.Watch]
        do { watches = try operation.watches(named: nil, group: group) } catch { throw ValidationError("\(error)") }
        // Before anybody is asked, or agrees.
        for refusal in watches.compactMap({ $0.promoter.refusal(of: order) }).prefix(1) {
            throw ValidationError("\(refusal)")
        }
        await warnOfOtherRegions(watches, assembly)
        if order == .detach, assembly.pause == nil {
            Terminal.complain([
                "PAUSE_PARAMETER is not set: that the member is detached is kept beside it; set it as the functions"
                    + " have it, or they take the missing member for a mistake"
            ])
        }
        try consent.ask(order, for: watches, in: assembly.region)
        let deadline = ContinuousClock.now + .seconds(options.timeoutOfOrders)
        var hasFailed = false
        let results = await operation.carryOut(order, on: watches, by: signature.name, deadline: deadline) {
            Terminal.complain([$0])
        }
        for result in results {
            switch result {
            case .success(let done):
                if done.outcome.isDryRun { hasFailed = true }
                try options.output == .json ? Terminal.say(done.json) : Terminal.say(done.sentence)
            case .failure(let failure):
                hasFailed = true
                Terminal.complain([watches.count > 1 ? "\(failure.identity.name): \(failure)" : "\(failure)"])
                if let hint = Decision.detachmentHint(for: failure.underlying, failure.identity.kind) {
                    Terminal.complain([hint])
                }
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    /// The function of the region that DNS points to will not leave it at that.
    private func warnOfOtherRegions(_ watches: [PromoterAssembly.Watch], _ assembly: PromoterAssembly) async {
        var names: Set<String> = []
        for watch in watches.prefix(10) where names.insert(watch.configuration.dnsName).inserted {
            let active = try? await watch.finder.find(deadline: .now + .seconds(3))
            guard case .region(let region)? = active, region != assembly.region else { continue }
            Terminal.complain([
                "\(watch.configuration.dnsName) still points to \(region): "
                    + (order == .detach
                        ? "move the record as well, and see that nobody writes to \(region): the two sides have no"
                            + " replication any more"
                        : "move the record as well, or pause the function in \(region); it would promote its own member"
                            + " again")
            ])
        }
    }
}
