internal import AWSClient
internal import Functions

/// What SNS says of a `NOTIFY_TOPIC_ARN`.
struct TopicReading: Sendable {
    var arn: String
    var attributes: Result<[String: String], AWSError>

    /// As in `us-east-1`; empty in an ARN that is none.
    var region: String { Self.region(ofTopic: arn) ?? "" }

    static func take(_ arn: String, _ sns: SNS, deadline: ContinuousClock.Instant) async -> TopicReading {
        do throws(AWSError) {
            let attributes = try await sns.attributes(ofTopic: arn, deadline: deadline)
            return TopicReading(arn: arn, attributes: .success(attributes))
        } catch { return TopicReading(arn: arn, attributes: .failure(error)) }
    }

    static func region(ofTopic arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 ? String(parts[3]) : nil
    }
}

/// The topic as it has to be for somebody to hear of a promotion.
enum TopicChecks {
    /// - Parameter otherRegions: those of the failover but the own one.
    static func findings(_ reading: TopicReading, otherRegions: [String]) -> [Finding] {
        var findings: [Finding] = []
        switch reading.attributes {
        case .failure(let error) where error.code == .notFound: return [.topicMissing(reading.arn)]
        case .failure(let error): findings.append(.topicUnreadable(reading.arn, error))
        case .success(let attributes):
            findings.append(
                attributes["SubscriptionsConfirmed"] == "0"
                    ? .topicWithoutSubscription(reading.arn, pending: attributes["SubscriptionsPending"] ?? "0")
                    : .topicExists(reading.arn))
        }
        if otherRegions.contains(reading.region) { findings.append(.topicInOtherRegion(reading.arn, reading.region)) }
        return findings
    }
}

extension Finding {
    static func topicExists(_ arn: String) -> Finding { .good(.notification, .topicExists, "\(arn) exists") }

    static func topicMissing(_ arn: String) -> Finding {
        .wrong(
            .notification, .topicMissing, "there is no topic \(arn): nobody is told of a promotion",
            "Make it, or correct NOTIFY_TOPIC_ARN: its region, its account, its name.")
    }

    static func topicUnreadable(_ arn: String, _ error: AWSError) -> Finding {
        .warning(
            .notification, .topicUnreadable, "whether there is a topic \(arn) cannot be checked: \(clause(error))",
            error.isAboutPermissions
                ? "Allow sns:GetTopicAttributes to whoever runs this; the function does without."
                : error.remedy ?? "See that SNS can be reached in the topic's region, and run this again.")
    }

    static func topicWithoutSubscription(_ arn: String, pending: String) -> Finding {
        .warning(
            .notification, .topicWithoutSubscription,
            "\(arn) has no confirmed subscription" + (pending == "0" ? "" : ", and \(pending) to be confirmed"),
            "Nobody is told of a promotion: subscribe somebody, and follow the link in the mail that SNS sends.")
    }

    static func topicInOtherRegion(_ arn: String, _ region: String) -> Finding {
        .warning(
            .notification, .topicInOtherRegion,
            "\(arn) is in \(region), whose outage is what promotes here: its SNS may be down as well",
            "Give each function a topic of its own region.")
    }
}
