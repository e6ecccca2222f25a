import HTTPTransport
import Testing

@testable import AWSClient

@Suite struct SNSTests {
    private static let topic = "arn:aws:sns:us-west-2:123456789012:promotions"

    private static let published = FakeExecutor.Outcome.xml(
        200,
        """
        <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
        <MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult>
        <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>
        """)

    private func publish(
        _ executor: FakeExecutor, topic: String = topic, subject: String = "s", message: String = "m",
        attributes: [(name: String, value: String)] = []
    ) async throws -> String {
        let world = World()
        return try await SNS(try world.client(executor)).publish(
            topicARN: topic, subject: subject, message: message, attributes: attributes, deadline: world.deadline)
    }

    @Test("A message goes to the region of its topic, with its attributes")
    func request() async throws {
        let executor = FakeExecutor(Self.published)
        let id = try await publish(
            executor, subject: "Promoted", message: "{\"a\": \"ü\"}\n",
            attributes: [("event", "promoted"), ("nothing", ""), ("watch", "a&b")])
        #expect(id == "94f20ce6-13c5-43a0-9a9e-ca52d816e90b")
        let request = try #require(executor.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://sns.us-west-2.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/sns/aws4_request") == true)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A123456789012%3Apromotions"
                + "&Subject=Promoted&Message=%7B%22a%22%3A%20%22%C3%BC%22%7D%0A"
                + "&MessageAttributes.entry.1.Name=event&MessageAttributes.entry.1.Value.DataType=String"
                + "&MessageAttributes.entry.1.Value.StringValue=promoted"
                + "&MessageAttributes.entry.2.Name=watch&MessageAttributes.entry.2.Value.DataType=String"
                + "&MessageAttributes.entry.2.Value.StringValue=a%26b")
    }

    @Test(
        "A topic is one by its ARN, or nothing is sent",
        arguments: [
            "", "promotions", "arn:aws:sns:us-west-2:123456789012", "arn:aws:sns:us-west-2:123456789012:",
            "arn:aws:sqs:us-west-2:123456789012:promotions", "arn:aws:sns::123456789012:promotions",
            "arn:aws:sns:evil.example/:123456789012:promotions", "arn:aws:sns:us-west-2:123456789012:a:subscription",
            "urn:aws:sns:us-west-2:123456789012:promotions",
        ])
    func noTopic(arn: String) async throws {
        let executor = FakeExecutor(Self.published)
        let error = await awsError { try await publish(executor, topic: arn) }
        #expect(error?.code == .invalidConfiguration)
        #expect(executor.requests.isEmpty)
    }

    @Test(
        "Any subject is made to fit",
        arguments: [
            ("Promoted rg in eu-west-1", "Promoted rg in eu-west-1"), ("", nil), (" \n\t", nil), ("\u{0}", nil),
            ("a\r\nb\nc\u{B}d\u{7F}e\u{2028}f", "a b c d e f"), ("  a \t  b  ", "a b"), ("\u{1}a\u{0}b", "a b"),
            ("München → e\u{301}👩‍🚀", "M?nchen ? ??"), ("é", "?"),
            (String(repeating: "x", count: 99), String(repeating: "x", count: 99)),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 96) + "..."),
            (String(repeating: "é\n", count: 5000), String(repeating: "? ", count: 48) + "..."),
        ] as [(String, String?)])
    func subjects(text: String, fitting: String?) {
        #expect(SNS.fittingSubject(text) == fitting)
    }

    @Test("Without a subject none is sent, so that SNS writes its own")
    func noSubject() async throws {
        let executor = FakeExecutor(Self.published)
        _ = try await publish(executor, subject: "\n")
        #expect(executor.requests.first.map { String(decoding: $0.body, as: UTF8.self).contains("Subject") } == false)
    }

    @Test("A message keeps what fits beside its attributes, in whole characters")
    func clipping() {
        let limit = 262_144
        func size(_ message: String, _ attributes: [(name: String, value: String)] = []) -> Int {
            SNS.fittingMessage(message, attributes: attributes).utf8.count
        }
        #expect(size(String(repeating: "x", count: limit)) == limit)
        #expect(size(String(repeating: "x", count: limit + 1)) == limit)
        // The type `String` counts, too.
        #expect(size(String(repeating: "x", count: limit), [("abc", "d")]) == limit - 10)
        #expect(size(String(repeating: "x", count: limit - 10), [("abc", "d")]) == limit - 10)
        // Three bytes each: 262,144 is one more than a multiple of three.
        #expect(size(String(repeating: "€", count: limit)) == limit - 1)
        #expect(SNS.fittingMessage(String(repeating: "x", count: limit - 1) + "e\u{301}", attributes: []).last == "x")
        #expect(SNS.fittingMessage("m", attributes: [("a", String(repeating: "x", count: limit))]) == "")
    }

    @Test("What SNS refuses comes with its code, and a topic that is not there is not found")
    func refusal() async throws {
        let missing = await awsError { try await publish(FakeExecutor(.error(404, "NotFound"))) }
        #expect(missing?.code == .notFound)
        #expect(missing?.awsCode == "NotFound")
        #expect(missing?.remedy?.contains("topic") == true)
        let denied = await awsError { try await publish(FakeExecutor(.error(403, "AuthorizationError"))) }
        #expect(denied?.code == .refused)
        #expect(denied?.remedy?.contains("sns:Publish") == true)
        let noKey = await awsError { try await publish(FakeExecutor(.error(400, "KMSAccessDenied"))) }
        #expect(noKey?.remedy?.contains("kms:") == true)
    }

    @Test("An answer without the id of the message is an error")
    func notWhole() async throws {
        for body in ["<PublishResponse><PublishResult/></PublishResponse>", "<PublishResponse/>", "{}"] {
            let error = await awsError { try await publish(FakeExecutor(.xml(200, body))) }
            #expect(error?.code == .unexpectedAnswer)
        }
    }

    @Test("The attributes of a topic are asked for in its region, and one that there is not is not found")
    func attributes() async throws {
        func attributes(_ executor: FakeExecutor) async throws -> [String: String] {
            let world = World()
            return try await SNS(try world.client(executor)).attributes(ofTopic: Self.topic, deadline: world.deadline)
        }
        let executor = FakeExecutor(
            .xml(
                200,
                """
                <GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>
                <entry><key>SubscriptionsConfirmed</key><value>2</value></entry>
                <entry><key>DisplayName</key><value/></entry>
                </Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>
                """))
        #expect(try await attributes(executor) == ["SubscriptionsConfirmed": "2", "DisplayName": ""])
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://sns.us-west-2.amazonaws.com/")
        #expect(String(decoding: request.body, as: UTF8.self).hasPrefix("Action=GetTopicAttributes&"))

        let missing = FakeExecutor(
            .xml(404, "<ErrorResponse><Error><Code>NotFound</Code><Message>no</Message></Error></ErrorResponse>"))
        let error = await awsError { try await attributes(missing) }
        #expect(error?.code == .notFound)
    }
}
