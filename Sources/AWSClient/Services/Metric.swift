/// A metric of CloudWatch: a name, and what it is measured of.
package struct Metric: Sendable, Equatable {
    package struct Dimension: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// As in `AWS/ElastiCache`.
    package var namespace: String
    package var name: String
    package var dimensions: [Dimension]

    package init(namespace: String, name: String, dimensions: [Dimension]) {
        self.namespace = namespace
        self.name = name
        self.dimensions = dimensions
    }

    init(_ element: XMLElement) throws(XMLError) {
        namespace = try element.required("Namespace")
        name = try element.required("MetricName")
        dimensions = []
        for dimension in element.list("Dimensions", of: "member") {
            dimensions.append(
                Dimension(name: try dimension.required("Name"), value: try dimension.required("Value")))
        }
    }

    /// As the query protocol has it, each name beginning with the prefix.
    func parameters(prefix: String) -> [(name: String, value: String?)] {
        var parameters: [(name: String, value: String?)] = [
            ("\(prefix).Namespace", namespace), ("\(prefix).MetricName", name),
        ]
        for (index, dimension) in dimensions.enumerated() {
            let member = "\(prefix).Dimensions.member.\(index + 1)"
            parameters += [("\(member).Name", dimension.name), ("\(member).Value", dimension.value)]
        }
        return parameters
    }
}
