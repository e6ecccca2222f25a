extension PrimaryRecordKeeper {
    /// The records that a group's primary has.
    package struct Settings: Sendable, Equatable {
        package struct Record: Sendable, Equatable {
            /// The variable that names it, as in `WRITER_RECORD_NAME`.
            package var variable: String
            /// In lower case and without final dot.
            package var name: String
            package var leadsTo: Endpoint

            package init(variable: String, name: String, leadsTo: Endpoint) {
                self.variable = variable
                self.name = name
                self.leadsTo = leadsTo
            }
        }

        package enum Endpoint: Sendable, Equatable {
            /// What the service names as the primary's, or as the writer's.
            case primary
            /// What the service names as that of the cluster's readers.
            case readers
            case fixed(String)
        }

        /// `HOSTED_ZONE_ID`, without `/hostedzone/`.
        package var hostedZoneID: String
        /// At least one.
        package var records: [Record]
        /// `RECORD_TTL_SECONDS`
        package var ttl: Int

        package init(hostedZoneID: String, records: [Record], ttl: Int) {
            self.hostedZoneID = hostedZoneID
            self.records = records
            self.ttl = ttl
        }

        /// `PRIMARY_RECORD_NAME`
        ///
        /// - Parameter endpoint: `PRIMARY_ENDPOINT`; nil for what ElastiCache names.
        package init(hostedZoneID: String, name: String, endpoint: String?, ttl: Int) {
            let record = Record(
                variable: "PRIMARY_RECORD_NAME", name: name, leadsTo: endpoint.map { .fixed($0) } ?? .primary)
            self.init(hostedZoneID: hostedZoneID, records: [record], ttl: ttl)
        }

        package var names: [String] { records.map(\.name) }
        /// Whether the service has to be asked what the endpoints are.
        package var needsEndpoints: Bool {
            records.contains { if case .fixed = $0.leadsTo { false } else { true } }
        }
    }
}
