/// An Aurora DB cluster of one region, with its instances.
package struct DBCluster: Sendable, Equatable, Identifiable {
    package struct Key: Hashable, Sendable, Comparable {
        package let region: String
        package let id: String

        package init(region: String, id: String) {
            self.region = region
            self.id = id
        }

        package var arn: String { "arn:aws:rds:\(region):\(CredentialStore.account):cluster:\(id)" }

        /// nil: it is the ARN of no DB cluster.
        package init?(arn: String) {
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 7, parts[0] == "arn", parts[2] == "rds", parts[5] == "cluster", !parts[6].isEmpty
            else { return nil }
            self.init(region: String(parts[3]), id: String(parts[6]))
        }

        package static func < (left: Key, right: Key) -> Bool { (left.region, left.id) < (right.region, right.id) }
    }

    package enum Engine: String, Sendable, Codable, CaseIterable {
        case mysql = "aurora-mysql"
        case postgresql = "aurora-postgresql"

        var version: String { self == .mysql ? "8.0.mysql_aurora.3.10.1" : "16.9" }
        var port: Int { self == .mysql ? 3306 : 5432 }
    }

    /// Of a cluster, and of an instance.
    package enum Status: String, Sendable { case creating, available, promoting, deleting }

    package struct Instance: Sendable, Equatable {
        package let id: String
        package let instanceClass: String
        package let zone: String
        package var status = Status.creating
        /// Of a server that stands for it; nil: one is made up, at which nobody listens.
        package var address: String?
    }

    package private(set) var id: String
    package let region: String
    package let engine: Engine
    package var engineVersion: String
    package var port: Int
    package var status = Status.available
    /// In the order in which they were made: the first that is there is the writer of a cluster that takes writes.
    package var instances: [Instance] = []
    /// A secondary of a global cluster has readers only.
    package var takesWrites = true
    package var databaseName: String?
    package var subnetGroup = "default"
    package var securityGroups = ["sg-0a1b2c3d4e5f60718"]
    /// nil: the default one of its engine.
    package var parameterGroup: String?
    /// Of the storage's encryption.
    package var keyARN: String
    package var isProtected = false

    /// All of it there and available.
    /// - Parameter instances: how many; named `ID-1`, `ID-2` and so on.
    package init(id: String, region: String, engine: Engine = .postgresql, instances: Int = 1) {
        self.id = id
        self.region = region
        self.engine = engine
        engineVersion = engine.version
        port = engine.port
        keyARN = "arn:aws:kms:\(region):\(CredentialStore.account):key/0a1b2c3d-local-aws-rds"
        for number in 1..<(max(instances, 0) + 1) {
            var instance = newInstance("\(id)-\(number)")
            instance.status = .available
            self.instances.append(instance)
        }
    }

    package var key: Key { Key(region: region, id: id) }
    package var arn: String { key.arn }

    package var writer: Instance? { takesWrites ? instances.first { $0.status == .available } : nil }
    package var readers: [Instance] {
        instances.filter { $0.status == .available && $0.id != writer?.id }
    }

    /// It is not in the cluster yet.
    func newInstance(_ id: String, class instanceClass: String = "db.r7g.large", zone: String? = nil) -> Instance {
        let letter = Array("abc")[instances.count % 3]
        return Instance(id: id, instanceClass: instanceClass, zone: zone ?? region + String(letter))
    }

    /// Its ARN and its endpoints are others then.
    mutating func rename(to id: String) { self.id = id }

    mutating func setStatus(_ status: Status, ofInstance id: String) {
        for index in instances.indices where instances[index].id == id { instances[index].status = status }
    }

    /// "Must contain from 1 to 63 letters, numbers, or hyphens. First character must be a letter. Can't end with a
    /// hyphen or contain two consecutive hyphens." The same for instances and global clusters.
    static func isID(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.hasOnlyLettersAndDigits(or: "-")
            && text.first?.isLetter == true && !text.hasSuffix("-") && !text.contains("--")
    }

    static func invalidState(_ message: String) -> AWSFailure { AWSFailure(400, "InvalidDBClusterStateFault", message) }

    static func notFound(_ id: String) -> AWSFailure {
        AWSFailure(404, "DBClusterNotFoundFault", "DBCluster \(id) not found.")
    }
}
