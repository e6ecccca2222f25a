import JSON
import Promotion
import Testing

@testable import Functions

@Suite("Orders for a datastore and a global cluster")
struct TwoGroupsOrderTests {
    typealias Both = TwoGroupsTests

    @Test(
        "An order is for both: at the same time, or one when the other is in place and not without it",
        arguments: ["together", "cluster-first", "datastore-first"], [true, false])
    func orders(_ order: String, _ isRefused: Bool) async throws {
        let cloud = Both.cloud(.east)
        let operations = ["FailoverGlobalReplicationGroup", "FailoverGlobalCluster"]
        let assembly = try cloud.assembly(["a"], Both.both.merging(["PROMOTE_ORDER": order]) { $1 })
        let start = cloud.time.now
        // The datastore's is refused.
        if isRefused { cloud.change { $0.troubles[operations[0]] = .error(403, "AccessDenied") } }
        let answer = try? await OperatorFunctionTests.answer(
            #"{"command":"failover","allowDataLoss":true}"#, cloud, assembly)
        #expect((answer == nil) == isRefused)
        let asked = operations.map { cloud.requests($0).first.map { $0.time - start } }
        switch (order, isRefused) {
        case ("together", _): #expect(asked == [.zero, .zero])
        case ("cluster-first", _): #expect(asked == [.seconds(20), .zero])
        case (_, true): #expect(asked == [.zero, nil])
        default: #expect(asked == [.zero, .seconds(20)])
        }
        if let answer {
            let watches = try SeveralWatchesTests.watches(answer)
            #expect(watches.map { $0["outcome"] } == ["promoted", "promoted"])
            #expect(watches.map { $0["globalCluster"]?["id"] } == [nil, "orders"])
            #expect(answer["outcome"] == "promoted")
        }
    }

    @Test("An order to fail over that allows no loss is begun for neither: a cluster could be switched over")
    func allowance() async throws {
        let cloud = Both.cloud(.east)
        let assembly = try cloud.assembly(["a"], Both.both)
        for payload in [#"{"command":"failover"}"#, #"{"command":"failover","allowDataLoss":false}"#] {
            let error = await #expect(throws: OrderNotCarriedOut.self) {
                try await OperatorFunctionTests.answer(payload, cloud, assembly)
            }
            #expect(error?.failures.count == 2)
        }
        #expect(cloud.operations == [])
        // The datastore alone has no other way.
        let answer = try await OperatorFunctionTests.answer(
            #"{"command":"failover","group":"LDGNF-a"}"#, cloud, assembly)
        #expect(try SeveralWatchesTests.watches(answer).map { $0["outcome"] } == ["promoted"])
        #expect(cloud.requests("FailoverGlobalCluster").isEmpty)
    }

    @Test(
        "An order to detach takes out both, or the one that it names, and the answer says which is left to do",
        arguments: [nil, "orders", "ldgnf-a"])
    func detach(_ group: String?) async throws {
        let cloud = Both.cloud(.east)
        let assembly = try cloud.assembly(["a"], Both.both)
        let payload = #"{"command":"detach"\#(group.map { #","group":"\#($0)""# } ?? "")}"#
        let answer = try await OperatorFunctionTests.answer(payload, cloud, assembly)
        #expect(answer["command"] == "detach" && answer["outcome"] == "detached")
        let watches = try SeveralWatchesTests.watches(answer)
        #expect(watches.map { $0["outcome"] } == (group == nil ? ["detached", "detached"] : ["detached"]))
        let operations = ["DisassociateGlobalReplicationGroup", "RemoveFromGlobalCluster"]
        let asked = operations.filter { !cloud.requests($0).isEmpty }
        #expect(asked == (group == nil ? operations : [operations[group == "orders" ? 1 : 0]]))
    }

    @Test("What leaves most to be done is the outcome of the whole")
    func outcomeOfAll() async throws {
        let cloud = Both.cloud(.east)
        cloud.change { $0.primaries = ["ldgnf-a"] }
        let assembly = try cloud.assembly(["a"], Both.both)
        func outcome(_ payload: String) async throws -> JSONValue? {
            try await OperatorFunctionTests.answer(payload, cloud, assembly)["outcome"]
        }
        #expect(try await outcome(#"{"command":"failover","allowDataLoss":true}"#) == "promoted")
        #expect(try await outcome(#"{"command":"failover","allowDataLoss":true}"#) == "wasInPlace")
        await #expect(throws: OrderNotCarriedOut.self) { try await outcome(#"{"command":"detach"}"#) }
        #expect(cloud.requests("RemoveFromGlobalCluster").isEmpty)
    }

    @Test(
        "Status shows whose turn it is not yet, and promotes neither",
        arguments: ["together", "cluster-first", "datastore-first"])
    func turns(_ order: String) async throws {
        let cloud = Both.cloud(.west)
        let assembly = try cloud.assembly(["a"], Both.both.merging(["PROMOTE_ORDER": order]) { $1 })
        func reasons() async throws -> [JSONValue?] {
            let answer = try await OperatorFunctionTests.answer(#"{"command":"status"}"#, cloud, assembly)
            return try SeveralWatchesTests.watches(answer).map { $0["check"]?["reason"] }
        }
        let wanted = JSONValue.string("activeAndSecondary")
        switch order {
        case "cluster-first": #expect(try await reasons() == ["waitsFor", wanted])
        case "datastore-first": #expect(try await reasons() == [wanted, "waitsFor"])
        default: #expect(try await reasons() == [wanted, wanted])
        }
        // The first is in place: the other one's turn has come.
        cloud.change { $0.primaries = [order == "cluster-first" ? "orders" : "ldgnf-a"] }
        #expect(
            try await reasons() == (order == "cluster-first" ? [wanted, "inPlace"] : ["inPlace", wanted]))
        #expect(!cloud.operations.contains { $0.hasPrefix("Failover") })
    }
}
