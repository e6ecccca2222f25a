/// What an endpoint speaks, by the variables that say so.
enum ServerVariables: String, CaseIterable {
    case redis = "REDIS_"
    case postgres = "POSTGRES_"

    func variable(_ name: String) -> String { rawValue + name }

    /// A failover of a database loses connections, and more: it is not begun for one that is late.
    var failuresToUnhealthy: Int { self == .redis ? 1 : 3 }

    /// That whose host is set; of a list, what an entry says itself comes before the environment.
    static func chosen(_ reader: inout EnvironmentReader) -> ServerVariables {
        let own = allCases.filter { reader.isOwn($0.variable("HOST")) }
        let set = own.isEmpty ? allCases.filter { reader.isSet($0.variable("HOST")) } : own
        if set.count > 1 {
            reader.refuse(
                "POSTGRES_HOST", "leave it out, or REDIS_HOST: an endpoint is one of them (PROBES is for several)")
        }
        let chosen = set.first ?? .redis
        for other in allCases where other != chosen && set.count == 1 {
            for variable in EntrySchema.probe.variables.sorted() {
                guard variable.hasPrefix(other.rawValue), reader.isOwn(variable) else { continue }
                reader.refuse(
                    variable, "leave it out: \(chosen.variable("HOST")) says that it is another kind of server")
            }
        }
        return chosen
    }
}
