internal import HTTPTransport

extension HTTPHeaders {
    /// Takes all fields of this name out.
    mutating func remove(_ name: String) {
        guard self[name] != nil else { return }
        let name = name.lowercased()
        let kept = fields.filter { $0.name.lowercased() != name }
        self = [:]
        for field in kept { append(field.name, field.value) }
    }
}
