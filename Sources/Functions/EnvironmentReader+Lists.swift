internal import AWSClient
internal import JSON

/// A variable that is a JSON list of objects, each for as much as the environment says of one.
struct ListVariable {
    let name: String
    /// The variable that names a file with the list instead; nil where there is none.
    let file: String?
    let schema: EntrySchema
    let maximum: Int
    /// What its objects are, in the plural.
    let noun: String
    let example: String
}

extension EnvironmentReader {
    /// - Returns: nil where there is no such list, and where it cannot be read at all.
    mutating func entries(_ list: ListVariable, _ readFile: FileReader) -> [ListEntry]? {
        if let value = value(list.name) {
            if let file = list.file, self.value(file) != nil {
                refuse(file, "leave it out, or \(list.name): the \(list.noun) are to be in one of them")
                return nil
            }
            return entries(in: Array(value.utf8), of: list.name, list)
        }
        guard let file = list.file, let path = value(file) else { return nil }
        switch readFile(path) {
        case .bytes(let bytes): return entries(in: bytes, of: file, list)
        case .missing:
            refuse(file, "set it to the path of a file with the JSON list of \(list.noun); there is none of this name")
            return nil
        case .unreadable(let why):
            refuse(file, "make the file readable (\(why))")
            return nil
        }
    }

    private mutating func entries(in text: [UInt8], of variable: String, _ list: ListVariable) -> [ListEntry]? {
        do throws(JSONError) {
            let elements = try JSONReader(JSONValue(parsing: text), path: variable).array()
            guard (1...list.maximum).contains(elements.count) else {
                refuse(
                    variable, "give it 1 to \(list.maximum) \(list.noun), not \(elements.count)", showsValue: false)
                return nil
            }
            var entries: [ListEntry] = []
            for element in elements {
                var problems: [JSONError] = []
                let entry = ListEntry(element, list.schema, &problems)
                for problem in problems { refuse(problem.path, value: "", problem.reason) }
                if let entry { entries.append(entry) }
            }
            return entries
        } catch {
            refuse(
                variable, "make it a JSON list of \(list.noun), such as \(list.example) (\(error))", showsValue: false)
            return nil
        }
    }

    /// Metrics, notifications and orders go by the name.
    ///
    /// - Parameters:
    ///   - names: what each is called, by its path in the list.
    ///   - otherwise: what has the name of one that says none.
    mutating func refuseSameNames(_ names: [(path: String, name: String)], otherwise: String) {
        var places: [String: String] = [:]
        for (path, name) in names where !name.isEmpty {
            if let earlier = places[name] {
                refuse(
                    "\(path).name", value: name,
                    "give it a name of its own: \(earlier) is called so, too, or has this \(otherwise) and no name")
            } else {
                places[name] = path
            }
        }
    }
}
