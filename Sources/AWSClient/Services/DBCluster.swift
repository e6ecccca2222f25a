/// A DB cluster of Aurora as its own region knows it. What AWS has an open set of values for stays the text that it sent.
package struct DBCluster: Sendable, Equatable {
    package var id: String
    package var arn: String?
    /// As in `available` or `promoting`.
    package var status: String
    package var engine: String?
    package var engineVersion: String?
    /// Of the writer.
    package var endpoint: String?
    package var readerEndpoint: String?
    package var port: Int?
    /// That it is a member of; AWS does not tell it everywhere.
    package var globalClusterID: String?
    /// Of a secondary: the ARN of the cluster that it is filled from.
    package var replicationSource: String?
    package var settings = Settings()

    package init(
        id: String, arn: String? = nil, status: String, engine: String? = nil, engineVersion: String? = nil,
        endpoint: String? = nil, readerEndpoint: String? = nil, port: Int? = nil
    ) {
        self.id = id
        self.arn = arn
        self.status = status
        self.engine = engine
        self.engineVersion = engineVersion
        self.endpoint = endpoint
        self.readerEndpoint = readerEndpoint
        self.port = port
    }

    init(_ element: XMLElement) throws(XMLError) {
        id = try element.required("DBClusterIdentifier")
        arn = element.optional("DBClusterArn")
        status = try element.required("Status")
        engine = element.optional("Engine")
        engineVersion = element.optional("EngineVersion")
        endpoint = element.optional("Endpoint")
        readerEndpoint = element.optional("ReaderEndpoint")
        port = try element.integer("Port")
        globalClusterID = element.optional("GlobalClusterIdentifier")
        replicationSource = element.optional("ReplicationSourceIdentifier")
        settings = try Settings(element)
    }
}
