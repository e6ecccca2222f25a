import AWSClient
import Failover
import NameResolution
import Promotion
import Testing

@Suite("What a thousand watches read at the same time", .timeLimit(.minutes(1)))
struct BatchedReadsTests {
    let world = World()
    let aws = ManyWatchesAWS()
    let executor = HandExecutor()
    static let ids = (0..<1000).map { "ldgnf-\($0)" }

    init() { aws.change { $0.datastores = Self.ids } }

    /// What each of a thousand watches, or of the first of them, reads of its datastore.
    private func groups(
        of count: Int = 1000, id: @escaping @Sendable (Int) -> String = { "ldgnf-\($0)" }
    ) async throws -> [Result<GlobalGroup, AWSError>] {
        let elastiCache = ElastiCache(try aws.client(world))
        let all = GlobalGroups(GlobalDatastores(elastiCache), taskExecutor: executor)
        let deadline = world.deadline
        let results = await executor.run { index -> Result<GlobalGroup, AWSError>? in
            guard index < count else { return nil }
            let datastore = all.group(id: id(index), changes: GlobalDatastores(elastiCache))
            do { return .success(try await datastore.group(deadline: deadline)) } catch {
                return (error as? AWSError).map { .failure($0) }
            }
        }
        return results.compactMap { $0 }
    }

    @Test("of their datastores costs the pages of one list, and each has its own")
    func oneList() async throws {
        let groups = try await groups()
        #expect(groups.map { try? $0.get().id } == Self.ids)
        #expect(groups.compactMap { try? $0.get().members.first?.id } == Self.ids.map { "\($0)-west" })
        #expect(aws.lists == 10)
        #expect(aws.singles == [])
    }

    @Test("of up to four is read one by one: a list has those of the whole account", arguments: [(4, 0), (5, 10)])
    func few(count: Int, lists: Int) async throws {
        #expect(try await groups(of: count).map { try? $0.get().id } == Array(Self.ids.prefix(count)))
        #expect(aws.lists == lists)
        #expect(aws.singles.sorted() == (lists == 0 ? Array(Self.ids.prefix(count)) : []))
    }

    @Test("is read one by one where the policy allows no list", arguments: ["AccessDenied", "AccessDeniedException"])
    func denied(_ code: String) async throws {
        aws.change { $0.listFailure = (403, code) }
        #expect(try await groups().map { try? $0.get().id } == Self.ids)
        #expect(aws.lists == 1)
        #expect(aws.singles.sorted() == Self.ids.sorted())
    }

    @Test("is an error for all where the list fails otherwise, and nothing is read one by one")
    func failure() async throws {
        aws.change { $0.listFailure = (400, "InvalidParameterValue") }
        let groups = try await groups()
        #expect(groups.count == 1000)
        for case .success in groups { Issue.record("no failure") }
        #expect(aws.lists == 1)
        #expect(aws.singles == [])
    }

    @Test("One that is not in the list is asked for by itself, and has AWS's error; the case of an id does not matter")
    func missing() async throws {
        let groups = try await groups { $0 == 7 ? "ldgnf-gone" : $0 == 8 ? "LDGNF-8" : "ldgnf-\($0)" }
        #expect(try groups[8].get().id == "ldgnf-8")
        guard case .failure(let error) = groups[7] else { throw Broken("found") }
        #expect(error.code == .notFound)
        #expect(aws.singles == ["ldgnf-gone"])
        #expect(groups.filter { if case .success = $0 { true } else { false } }.count == 999)
    }

    private func records(named name: @escaping @Sendable (Int) -> String) async throws -> [[ResourceRecordSet]?] {
        let records = HostedZoneRecords(
            route53: Route53(try aws.client(world)), hostedZoneID: World.zone, taskExecutor: executor)
        let deadline = world.deadline
        return await executor.run { index in
            try? await records.recordSets(named: name(index), deadline: deadline)
        }
    }

    @Test("of the names of one zone costs the pages that they are on")
    func oneZone() async throws {
        // In the order of Route 53, which is that of these names.
        aws.change { $0.names = (1000..<2000).map { "a\($0).example.com" } }
        let records = try await records { "a\(1000 + $0).example.com" }
        #expect(records.map { $0?.map(\.name) ?? [] } == (1000..<2000).map { ["a\($0).example.com"] })
        #expect(aws.pages == 4)
    }

    @Test("A name is found however it is written, and one that is not there is empty")
    func spelling() async throws {
        aws.change { $0.names = [#"\052.example.com"#] }
        let spellings = [#"\052.example.com"#, "*.Example.com.", "*.example.com", "b.example.com"]
        let records = try await records { spellings[$0 % 4] }
        #expect(records.prefix(4).map { $0?.count } == [1, 1, 1, 0])
    }

    @Test("A zone that cannot be read is an error for all")
    func zoneFailure() async throws {
        aws.change { $0.listFailure = (403, "AccessDenied") }
        #expect(try await records { "a\($0).example.com" }.allSatisfy { $0 == nil })
        #expect(aws.pages == 1)
    }
}
