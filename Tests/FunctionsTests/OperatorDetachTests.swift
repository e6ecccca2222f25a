import JSON
import Promotion
import Testing

@testable import Functions

@Suite("The order to detach, in the function operator")
struct OperatorDetachTests {
    @Test("A detachment is told and on record, so that the checks know, and the order is done when it is given again")
    func detach() async throws {
        let cloud = Cloud(["a.example.com": .west])
        let variables: [String: String?] = [
            "PAUSE_PARAMETER": "/pause", "NOTIFY_TOPIC_ARN": "arn:aws:sns:us-west-2:111122223333:on-call",
        ]
        func assembly() throws -> PromoterAssembly { try cloud.assembly(["a"], variables) }
        let answer = try await OperatorFunctionTests.answer(#"{"command":"detach","by":"ops"}"#, cloud, try assembly())
        #expect(answer["outcome"] == "detached")
        #expect(cloud.requests("Publish").count == 1)
        let history = try await OperatorFunctionTests.answer(#"{"command":"history"}"#, cloud, try assembly())
        let entries = MetricsRecorderTests.array(history["promotions"])
        #expect(entries.map { $0["outcome"] } == ["detached"] && entries.map { $0["by"] } == ["ops"])
        // Another process, as is that of the checks.
        let check = try await SeveralWatchesTests.handle(cloud, SeveralWatchesTests.function(try assembly()))
        #expect(check["reason"] == "detached")
        #expect(check["detail"]?["ReplicationGroupId"] == "ldgnf-a-us-west-2")
        let again = try await OperatorFunctionTests.answer(#"{"command":"detach"}"#, cloud, try assembly())
        #expect(again["outcome"] == "wasDetached")
        #expect(cloud.requests("DisassociateGlobalReplicationGroup").count == 1)
    }

    @Test("A group that is none of the watch's is refused")
    func unknownGroup() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"])
        let error = await #expect(throws: OperatorError.self) {
            try await OperatorFunctionTests.answer(#"{"command":"detach","group":"orders"}"#, cloud, assembly)
        }
        #expect(error?.description.contains("ldgnf-a") == true)
        #expect(cloud.operations == [])
    }
}
