import AWSClient
import Foundation
import Functions
import JSON
import Promotion
import Testing

@Suite("Notifications")
struct NotificationTests {
    @Test(
        "A notification has the facts: in the body for people, in an attribute for machines", arguments: Samples.events)
    func facts(_ event: PromotionEvent) {
        let identity = Samples.identity("sessions")
        let notification = Notification(event, identity: identity, time: "2026-11-21T09:43:26.017Z")
        #expect(notification.subject.contains("sessions") && notification.subject.contains("us-west-2"))
        for fact in [
            event.sentence(), "sessions", "sessions.example.com", "ldgnf-a", "us-west-2", "2026-11-21T09:43:26.017Z",
        ] {
            #expect(notification.body.contains(fact))
        }
        let json = notification.json
        #expect(json["event"] == .string(event.kind))
        #expect(json["watch"] == "sessions")
        #expect(json["dnsName"] == "sessions.example.com")
        #expect(json["globalDatastoreId"] == "ldgnf-a")
        #expect(json["region"] == "us-west-2")
        #expect(json["time"] == "2026-11-21T09:43:26.017Z")
        guard case .object(let members) = json, case .object(let own) = event.json else {
            Issue.record("no objects")
            return
        }
        #expect(Set(members.map(\.key)).count == members.count)
        for member in own { #expect(json[member.key] == member.value) }
    }

    @Test("What an operator ordered names him, and does not promise what only DNS does")
    func ordered() {
        for event in Samples.events {
            let notification = Notification(event, identity: Samples.identity(), by: "ann", time: "")
            #expect(notification.json["by"] == "ann")
            switch event {
            case .failed, .cameToNothing, .detachmentFailed:
                #expect(notification.body.contains("ann"))
                #expect(!notification.body.contains("as long as DNS"))
                #expect(event.sentence().contains("as long as DNS"))
            case .begun(_, delay: nil): #expect(notification.body.contains("as ann ordered"))
            default: break
            }
        }
        let detached = PromotionEvent.detached(Samples.promotion, after: nil)
        #expect(detached.sentence(.cluster, orderedBy: "ann").contains("as ann ordered"))
        #expect(!detached.sentence(.cluster).contains("ordered"))
        let json = Notification(Samples.events[0], identity: Samples.identity(), time: "").json
        #expect(json["by"] == nil)
    }

    @Test("Each kind of event has a subject of its own")
    func subjects() {
        let subjects = Dictionary(grouping: Samples.events) {
            Notification($0, identity: Samples.identity(), time: "").subject
        }
        for events in subjects.values { #expect(Set(events.map(\.kind)).count == 1) }
        #expect(subjects.count == Set(Samples.events.map(\.kind)).count)
    }

    @Test(
        "What goes to SNS has a subject by its rules, whatever the watch is called",
        arguments: ["a", String(repeating: "a", count: 100), PromoterConfigurationTests.longName])
    func published(watch: String) async throws {
        let cloud = Cloud(["a.example.com": .west])
        let topic = WatchMemberTests.topic("failovers")
        let isName = watch.contains(".")
        let changes = isName ? ["DNS_NAME": watch] : ["WATCHES": #"[{"name":"\#(watch)"}]"#]
        let assembly = try cloud.assembly(["a"], changes.merging(["NOTIFY_TOPIC_ARN": topic]) { $1 })
        cloud.change { $0.answers = [isName ? watch : "a.example.com": .west] }
        _ = try await SeveralWatchesTests.handle(cloud, SeveralWatchesTests.function(assembly))
        let request = try #require(cloud.requests("Publish").first)
        #expect(request.url == "https://sns.us-east-1.amazonaws.com/")
        func field(_ name: String) throws -> String {
            let text = try #require(Cloud.parameter(name, of: request.body))
            return try #require(text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding)
        }
        let subject = try field("Subject")
        #expect((1...99).contains(subject.utf8.count))
        #expect(subject.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(try field("TopicArn") == topic)
        #expect(try field("Message").contains("Watch      \(watch)\n"))
        #expect(try field("MessageAttributes.entry.1.Name") == "event")
        let attribute = try JSONValue(parsing: try field("MessageAttributes.entry.1.Value.StringValue").utf8)
        #expect(attribute["event"] == "begun")
        #expect(attribute["watch"] == .string(watch))
    }
}
